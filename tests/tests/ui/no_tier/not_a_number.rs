use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s"))]
struct Shop {
    #[tier("0")]
    name: String,
    #[tier(8)]
    other: String,
}

fn main() {}
