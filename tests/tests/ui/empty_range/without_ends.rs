use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s"))]
struct Shop {
    #[tier(0)]
    #[mutable(range = ..)]
    quality: u8,
    #[tier(0)]
    #[mutable(range())]
    level: u8,
}

fn main() {}
