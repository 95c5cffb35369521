use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(version = 1, tier(0, valid_for = "30s"), version = 2)]
struct Shop {
    #[tier(0)]
    name: String,
}

fn main() {}
