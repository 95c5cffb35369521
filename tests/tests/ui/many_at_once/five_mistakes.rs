use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(verison = 1, tier(1, valid_for = "10m"), tier(0, valid_for = "soon"))]
struct Shop {
    #[tier(1)]
    #[immutable]
    #[private]
    customer: u64,
    #[tier(0)]
    #[mutable]
    quality: u8,
    yaw: f32,
}

fn main() {}
