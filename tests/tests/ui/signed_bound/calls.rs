use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s"))]
struct Shop {
    #[tier(0)]
    limit: u32,
    #[tier(0)]
    #[mutable(range = 0..=self.limit.pow(2))]
    rate: u32,
    #[tier(0)]
    #[mutable(range = 0..=twice(self.limit))]
    level: u32,
    #[tier(0)]
    #[mutable(range = 0..=self.limit << 2)]
    shift: u32,
}

fn main() {}
