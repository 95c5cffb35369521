use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s"))]
struct Walk {
    #[tier(0)]
    #[approx]
    steps: u32,
    #[tier(0)]
    #[approx(wrap = 360.0)]
    yaw: f32,
    #[tier(0)]
    #[approx(tolerence = 1.0)]
    pitch: f32,
    #[tier(0)]
    #[approx(tolerance = 1.0, tolerance = 2.0)]
    roll: f32,
    #[tier(0)]
    #[approx(tolerance = 1.0)]
    #[approx(tolerance = 2.0)]
    lean: f32,
    #[tier(0)]
    #[approx(tolerance = self.steps)]
    more: u32,
}

fn main() {}
