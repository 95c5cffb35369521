use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(session_max = "a day", tier(0, valid_for = "soon"))]
struct Shop {
    #[tier(0)]
    name: String,
}

fn main() {}
