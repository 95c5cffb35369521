use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s"))]
struct Video {
    #[tier(0)]
    title: u32,
    #[tier(1)]
    #[mutable(range = 0..=90_000, derived)]
    position: u32,
}

fn main() {}
