use std::collections::HashMap;

use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s"))]
struct Shop {
    #[tier(0)]
    #[mutable(any)]
    items: HashMap<u8, u8>,
}

fn main() {}
