use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(max_cookie_len = 100, tier(1, valid_for = "10m"), tier(0, valid_for = "30s"))]
struct Shop {
    #[tier(1)]
    name: u64,
    #[tier(0)]
    #[private]
    secret: [u64; 4],
}

fn main() {}
