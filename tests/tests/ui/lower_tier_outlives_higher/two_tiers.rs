use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(1, valid_for = "10m"), tier(0, valid_for = "11m"))]
struct Shop {
    #[tier(1)]
    name: String,
    #[tier(0)]
    other: u8,
}

fn main() {}
