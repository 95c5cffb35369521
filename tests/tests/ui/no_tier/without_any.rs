use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s"))]
struct Shop {
    #[tier(0)]
    #[mutable(any)]
    open: bool,
    #[immutable]
    name: String,
}

fn main() {}
