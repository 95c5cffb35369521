use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier = 0, tier(valid_for = "30s"), tier(9, valid_for = "30s"))]
struct Shop {
    #[tier(0)]
    name: String,
}

fn main() {}
