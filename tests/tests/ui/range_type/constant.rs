use statecookie::StateCookie;

const LEVELS: core::ops::RangeInclusive<u32> = 0..=4;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s"))]
struct Shop {
    #[tier(0)]
    #[mutable(range = LEVELS)]
    quality: u8,
}

fn main() {}
