use statecookie::StateCookie;

#[derive(statecookie::MutableValue)]
enum Mode {
    Walk,
}

#[derive(StateCookie)]
#[statecookie(tier(1, valid_for = "1h"), tier(0, valid_for = "30s", or_default))]
struct Shop {
    #[tier(1)]
    name: String,
    #[tier(0)]
    #[mutable(any)]
    mode: Mode,
}

fn main() {}
