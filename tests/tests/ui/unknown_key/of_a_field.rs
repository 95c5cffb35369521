use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s"))]
struct Shop {
    #[state(tier = 0, privat)]
    secret: u64,
    #[state(teir = 0)]
    name: String,
}

fn main() {}
