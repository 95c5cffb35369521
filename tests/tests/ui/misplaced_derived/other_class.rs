use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s"))]
struct Video {
    #[tier(0)]
    #[immutable(derived)]
    title: u32,
    #[tier(0)]
    #[private(derived)]
    licence: u32,
    #[tier(0)]
    #[mutable(any, derived = true)]
    paused: bool,
}

fn main() {}
