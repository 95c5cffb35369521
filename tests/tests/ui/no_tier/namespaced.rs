use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s"))]
struct Shop {
    #[state(private)]
    secret: u64,
    #[tier]
    name: String,
}

fn main() {}
