use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(1, valid_for = "10m"), tier(0, valid_for = "30s"))]
struct Shop {
    #[tier(0, 1)]
    name: String,
    #[state(tier = 0, tier = 1)]
    other: u8,
}

fn main() {}
