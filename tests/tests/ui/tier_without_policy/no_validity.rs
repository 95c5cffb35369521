use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, renew_after = "30s"))]
struct Shop {
    #[tier(0)]
    name: String,
}

fn main() {}
