use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(1, valid_for = "1h"))]
struct Shop {
    #[tier(1)]
    name: String,
}

fn main() {}
