use statecookie::StateCookie;

#[derive(StateCookie)]
enum Shop {
    Open,
    Closed,
}

fn main() {}
