use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s"))]
struct Shop {
    #[tier(0)]
    #[private]
    secret: u64,
    #[tier(0)]
    name: String,
}

fn main() {}

fn peek(view: <Shop as StateCookie>::View<'_>) -> u64 {
    let _ = view.name();
    *view.secret()
}
