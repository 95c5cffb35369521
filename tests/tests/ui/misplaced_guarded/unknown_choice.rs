use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(
    tier(3, valid_for = "4h", guarded = "reject"),
    tier(2, valid_for = "3h", guarded = accept),
    tier(1, valid_for = "2h", guarded(accept)),
    tier(0, valid_for = "1h", guardet),
)]
struct Shop {
    #[tier(3)]
    a: u32,
    #[tier(2)]
    b: u32,
    #[tier(1)]
    c: u32,
    #[tier(0)]
    d: u32,
}

fn main() {}
