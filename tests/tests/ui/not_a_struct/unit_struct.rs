use statecookie::StateCookie;

#[derive(StateCookie)]
struct Shop;

fn main() {}
