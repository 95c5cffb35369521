use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s"))]
struct Shop {
    #[tier(0)]
    #[mutable(range(min = 4, max = 3))]
    quality: Option<u8>,
    #[tier(0)]
    #[mutable(range = -1..-1)]
    level: [i16; 2],
}

fn main() {}
