use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s"))]
struct Shop {
    #[tier(0)]
    #[mutable(range = 0..=self.rate)]
    rate: u32,
    #[tier(0)]
    #[mutable(range = 0..=self.limti)]
    level: u32,
}

fn main() {}
