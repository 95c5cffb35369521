use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(2, valid_for = "1h"), tier(0, valid_for = "30s"))]
struct Shop {
    #[tier(2)]
    name: String,
    #[tier(0)]
    other: u8,
}

fn main() {}
