use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_fro = "30s", valid_for = "30s", ordefault))]
struct Shop {
    #[tier(0)]
    name: String,
}

fn main() {}
