use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(verison = 1, colour = 3, tier(0, valid_for = "30s"))]
struct Shop {
    #[tier(0)]
    name: String,
}

fn main() {}
