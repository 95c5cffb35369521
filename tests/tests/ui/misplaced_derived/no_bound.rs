use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s"))]
struct Video {
    #[tier(0)]
    title: u32,
    #[tier(0)]
    #[mutable(derived)]
    position: u32,
    #[state(tier = 0, derived)]
    volume: u8,
}

fn main() {}
