use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s"))]
struct Shop {
    #[tier(0)]
    #[approx(tolerance = 1)]
    #[mutable(max_len = 8)]
    name: String,
    #[state(tier = 0, approx(tolerance = 0.5), mutable(any))]
    open: bool,
    #[tier(0)]
    #[approx(tolerance = 1)]
    limit: u8,
}

fn main() {}
