use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s"))]
struct Shop {
    #[tier(0)]
    #[private]
    licence: u32,
    #[tier(0)]
    #[mutable(range = 0..=9)]
    level: u32,
    #[tier(0)]
    #[mutable(range = self.level..=self.licence)]
    rate: u32,
}

fn main() {}
