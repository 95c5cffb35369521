use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s"))]
struct Shop {
    #[tier(0)]
    limit: u64,
    #[tier(0)]
    #[mutable(range = 0..=self.limit)]
    rate: u32,
}

fn main() {}
