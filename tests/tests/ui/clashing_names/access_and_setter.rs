use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s"))]
struct Shop {
    #[tier(0)]
    name_mut: String,
    #[tier(0)]
    set_name: String,
}

fn main() {}
