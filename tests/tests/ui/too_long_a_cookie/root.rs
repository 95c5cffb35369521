use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(max_cookie_len = 128, tier(0, valid_for = "30s"))]
struct Shop {
    #[tier(0)]
    #[mutable(max_len = 100)]
    name: String,
}

fn main() {}
