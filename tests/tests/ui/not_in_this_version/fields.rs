use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s"))]
struct Shop {
    #[tier(0)]
    #[mutable(range = 0..=4, derived)]
    quality: u8,
    #[tier(0)]
    #[approx(tolerance = 1.0)]
    #[mutable(range = 0.0..1.0)]
    yaw: f32,
}

fn main() {}
