use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(
    tier(1, valid_for = "1h", guarded),
    tier(0, valid_for = "30s", or_default, guarded),
)]
struct Shop {
    #[tier(1)]
    coins: u32,
    #[tier(0)]
    #[mutable(range = 0..=9)]
    step: u8,
}

fn main() {}
