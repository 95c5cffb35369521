use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s"))]
struct Shop {
    #[state(tier = 0, immutable, mutable(any))]
    open: bool,
    #[tier(0)]
    #[immutable]
    #[immutable]
    name: String,
}

fn main() {}
