use statecookie::StateCookie;

#[derive(StateCookie)]
union Shop {
    name: u64,
    other: u8,
}

fn main() {}
