use statecookie::MutableValue;

#[derive(MutableValue)]
enum Mode {
    Walk,
    Fly(u8),
}

#[derive(MutableValue)]
struct Meters(f32);

#[derive(MutableValue)]
enum Never {}

fn main() {}
