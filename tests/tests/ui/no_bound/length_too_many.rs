use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s"))]
struct Shop {
    #[tier(0)]
    #[mutable(range = 0..=4, max_len = 4)]
    quality: [u8; 3],
    #[tier(0)]
    #[mutable(max_len = 4, each(max_len = 4))]
    name: String,
}

fn main() {}
