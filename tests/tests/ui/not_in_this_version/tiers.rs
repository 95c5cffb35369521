use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s", guarded))]
struct Shop {
    #[tier(0)]
    name: String,
}

fn main() {}
