use statecookie::MutableValue;

#[derive(MutableValue)]
struct Place {
    #[mutable(range = 0..=9, derived)]
    row: u8,
}

fn main() {}
