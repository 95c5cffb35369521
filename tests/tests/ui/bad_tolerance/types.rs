use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s"))]
struct Walk {
    #[tier(0)]
    #[approx(tolerance = 1.5)]
    steps: u32,
    #[tier(0)]
    #[approx(tolerance = 1.0, wrap = 360)]
    yaw: f32,
}

fn main() {}
