use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s"))]
struct Shop {
    #[tier(0)]
    #[mutable(range = 0..=4, range = 0..=5)]
    quality: u8,
    #[tier(0)]
    #[mutable(any, check = accept)]
    open: bool,
}

fn main() {}
