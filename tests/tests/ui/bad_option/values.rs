use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(name = 3, version = "1", pad = 0, crate = "statecookie", validate = 3, tier(0, valid_for = "30s"))]
struct Shop {
    #[tier(0)]
    name: String,
}

fn main() {}
