use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s"))]
struct Walk {
    #[tier(0)]
    #[approx(tolerance = 0)]
    steps: u32,
    #[tier(0)]
    #[approx(tolerance = -1.5)]
    height: f64,
}

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s"))]
struct Turn {
    #[tier(0)]
    #[approx(tolerance = 180.0, wrap = 360.0)]
    yaw: f32,
}

fn main() {}
