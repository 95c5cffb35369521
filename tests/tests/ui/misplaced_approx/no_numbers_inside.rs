use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s"))]
struct Shop {
    #[tier(0)]
    #[approx(tolerance = 1)]
    cart: Vec<u32>,
    #[tier(0)]
    #[approx(tolerance = 1.0)]
    #[mutable(range = 0.0..=1.0)]
    share: Option<f32>,
    #[tier(0)]
    #[approx(tolerance = 1.0)]
    corner: [(f32, f32); 2],
}

fn main() {}
