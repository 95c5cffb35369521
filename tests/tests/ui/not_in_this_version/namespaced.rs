use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s"))]
struct Shop {
    #[state(tier = 0, mutable(any, derived))]
    open: bool,
}

fn main() {}
