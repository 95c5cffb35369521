use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s"))]
struct Shop {
    #[tier(0)]
    limit: u8,
    #[tier(0)]
    #[mutable(one_of(1, self.limit))]
    rate: u8,
}

#[derive(statecookie::MutableValue)]
struct Label {
    #[mutable(any)]
    limit: u8,
    #[mutable(range = 0..=self.limit)]
    size: u8,
}

fn main() {}
