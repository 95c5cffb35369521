use statecookie::StateCookie;

#[derive(StateCookie)]
struct Shop {
    #[tier(1)]
    name: String,
    #[tier(0)]
    other: u8,
    #[tier(0)]
    more: u8,
}

fn main() {}
