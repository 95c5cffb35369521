use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s"))]
struct Shop {
    #[tier(0)]
    #[mutable(rnage = 0..=4)]
    quality: u8,
    #[tier(0)]
    #[mutable(maxlen = 4)]
    name: String,
    #[tier(0)]
    #[mutable(range(low = 1, max = 3))]
    level: u8,
}

fn main() {}
