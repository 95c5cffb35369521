use statecookie::StateCookie;

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "30s"))]
struct Shop {
    #[tier(0)]
    name: String,
    #[tier(0)]
    #[mutable(any)]
    open: bool,
}

fn main() {}

fn change(mut view: <Shop as StateCookie>::View<'_>) {
    let _ = view.set_open(true);
    view.set_name(String::new());
}
