use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(session_max = "1h", tier(1, valid_for = "61m"), tier(0, valid_for = "1m"))]
struct Shop {
    #[tier(1)]
    name: String,
    #[tier(0)]
    other: u8,
}

fn main() {}
