use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s", or_default))]
struct Shop {
    #[tier(0)]
    #[mutable(any)]
    open: bool,
}

fn main() {}
