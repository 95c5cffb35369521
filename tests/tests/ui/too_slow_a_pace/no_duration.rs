use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(
    tier(2, valid_for = "3h", at_most_every),
    tier(1, valid_for = "10m", at_most_every = 100),
    tier(0, valid_for = "30s", at_most_every = "100us")
)]
struct Walk {
    #[tier(2)]
    visitor: u64,
    #[tier(1)]
    name: String,
    #[tier(0)]
    steps: u32,
}

fn main() {}
