use core::time::Duration;

use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s"))]
struct Shop {
    #[tier(0)]
    #[mutable(range = Duration::from_secs(5)..=Duration::from_secs(4))]
    delay: Duration,
}

fn main() {}
