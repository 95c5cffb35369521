use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "1500ms", renew_after = "200%"))]
struct Shop {
    #[tier(0)]
    name: String,
}

fn main() {}
