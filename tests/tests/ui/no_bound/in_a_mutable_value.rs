use statecookie::MutableValue;

#[derive(MutableValue)]
struct Label {
    #[mutable(max_len = 4)]
    text: String,
    size: u8,
    #[mutable]
    weight: f32,
}

fn main() {}
