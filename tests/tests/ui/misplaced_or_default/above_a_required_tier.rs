use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(2, valid_for = "1h"), tier(1, valid_for = "10m", or_default), tier(0, valid_for = "30s"))]
struct Shop {
    #[tier(2)]
    name: String,
    #[tier(1)]
    #[mutable(any)]
    open: bool,
    #[tier(0)]
    #[mutable(any)]
    more: bool,
}

fn main() {}
