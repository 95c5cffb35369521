use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s"))]
struct Shop<'a> {
    #[tier(0)]
    name: &'a str,
}

fn main() {}
