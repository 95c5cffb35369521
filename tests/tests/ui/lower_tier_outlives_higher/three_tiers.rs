use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(2, valid_for = "10m"), tier(1, valid_for = "1h"), tier(0, valid_for = "2h"))]
struct Shop {
    #[tier(2)]
    name: String,
    #[tier(1)]
    other: u8,
    #[tier(0)]
    more: u8,
}

fn main() {}
