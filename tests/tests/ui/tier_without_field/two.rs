use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(3, valid_for = "4h"), tier(2, valid_for = "3h"), tier(0, valid_for = "30s"))]
struct Shop {
    #[tier(0)]
    name: String,
}

fn main() {}
