use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(1, valid_for = "1h"), tier(0, valid_for = "30s", or_default))]
struct Shop {
    #[tier(1)]
    name: String,
    #[tier(0)]
    #[mutable(any)]
    open: bool,
    #[tier(0)]
    #[private]
    failed_attempts: u8,
}

fn main() {}
