use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s"))]
struct Shop {
    #[tier(0)]
    #[mutable]
    quality: u8,
    #[tier(0)]
    cart: Vec<u8>,
}

fn main() {
    let mut shop = Shop { quality: 1, cart: Vec::new() };
    let mut touched = statecookie::TierSet::EMPTY;
    shop.__edit(&mut touched).set_quality(3).unwrap();
    shop.__edit(&mut touched).cart_mut().push(1);
    statecookie::Schema::of::<Shop>().unwrap();
}
