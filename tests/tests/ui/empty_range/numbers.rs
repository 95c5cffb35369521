use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s"))]
struct Shop {
    #[tier(0)]
    #[mutable(range = 4..=0)]
    quality: u8,
    #[tier(0)]
    #[mutable(range = 360.0..360.0)]
    yaw: f32,
}

fn main() {}
