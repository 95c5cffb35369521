use statecookie::StateCookie;

fn verdict(_: &Shop) -> u8 {
    0
}

fn is_even(level: &u16) -> bool {
    level % 2 == 0
}

#[derive(StateCookie)]
#[statecookie(validate = verdict, tier(0, valid_for = "30s"))]
struct Shop {
    #[tier(0)]
    #[mutable(check = is_even)]
    level: u8,
}

fn main() {}
