use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(
    tier(1, valid_for = "10m", at_most_every = "5m"),
    tier(0, valid_for = "30s", renew_after = "5s", at_most_every = "10s")
)]
struct Walk {
    #[tier(1)]
    name: String,
    #[tier(0)]
    steps: u32,
}

fn main() {}
