use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(migrate_from = OldShop, tier(0, valid_for = "30s"))]
struct Shop {
    #[tier(0)]
    name: String,
}

fn main() {}
