use statecookie::StateCookie;

struct Item;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s"))]
struct Shop {
    #[tier(0)]
    item: Item,
}

fn main() {}
