use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s"))]
struct Shop {
    #[tier(0)]
    #[mutable(max_len = 4)]
    names: Vec<Option<String>>,
}

fn main() {}
