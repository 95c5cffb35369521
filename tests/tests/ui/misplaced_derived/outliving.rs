use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(2, valid_for = "1m"), tier(0, valid_for = "1h"))]
struct Video {
    #[tier(2)]
    title: u32,
    #[tier(1)]
    #[mutable(range = 0..=90_000, derived)]
    position: u32,
    #[tier(0)]
    #[mutable(range = 0..=9)]
    volume: u8,
}

fn main() {}
