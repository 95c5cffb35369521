use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(1, valid_for = "1h"), tier(0, valid_for = "30s"))]
struct Video {
    #[tier(1)]
    #[mutable(range = 0..=90_000, derived)]
    position: u32,
    #[tier(1)]
    title: u32,
    #[tier(0)]
    #[mutable(range = 0..=self.position)]
    mark: u32,
}

fn main() {}
