use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s", valid_for = "40s"), tier(0, valid_for = "50s"))]
struct Shop {
    #[tier(0)]
    name: String,
}

fn main() {}
