use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s"))]
struct Shop {
    #[tier(0)]
    #[private]
    #[mutable(range = 0..=4)]
    quality: u8,
}

fn main() {}
