//! What the targets need of a schema beyond its derive: an honest state, and its view field by field.

use std::fmt::Debug;

use arbitrary::{Result, Unstructured};
use statecookie::StateCookie;
use statecookie_tests::kit::states;

use crate::schemas::{Archive, Basket, Film, Ladder, Note, Numbers, Plain, Till, World};

/// A schema under attack.
pub(crate) trait State: StateCookie + Debug {
    /// Whether the defaults of tiers left away are within their bounds.
    const DEFAULTS_HOLD: bool = true;
    /// Whether an immutable value, and a private one, has one form: a map takes its pairs in any order, and a duration carries its
    /// nanoseconds over.
    const ONE_FORM: [bool; 2] = [true, true];

    fn honest() -> Self;

    /// Whether the view shows the state's open fields.
    fn is_shown_by(&self, view: &Self::View<'_>) -> bool;

    /// Sets a value of the fuzzer's; whether that was done, and whether it had to be.
    fn poke(view: &mut Self::View<'_>, u: &mut Unstructured<'_>) -> Result<(bool, bool)>;
}

/// The state, the fields of its view, and a setter with the bound of its field.
macro_rules! state {
    (
        $state:ident = $honest:expr, [$($field:ident)*],
        $setter:ident($view:ident, $value:ident: $ty:ty) if $fits:expr
        $(, $name:ident: $kind:ty = $constant:expr)*
    ) => {
        impl State for $state {
            $(const $name: $kind = $constant;)*

            fn honest() -> Self {
                $honest
            }

            fn is_shown_by(&self, view: &Self::View<'_>) -> bool {
                true $(&& is_same(view.$field(), &self.$field))*
            }

            fn poke($view: &mut Self::View<'_>, u: &mut Unstructured<'_>) -> Result<(bool, bool)> {
                let $value = u.arbitrary::<$ty>()?;
                let fits = $fits;
                Ok(($view.$setter($value).is_ok(), fits))
            }
        }
    };
}

/// Equal, or both not a number in the same places.
fn is_same<T: PartialEq + Debug>(one: &T, other: &T) -> bool {
    one == other || format!("{one:?}") == format!("{other:?}")
}

state! {
    Note = states::note(), [author text quality],
    set_text(view, text: String) if text.len() <= 12
}

state! {
    Basket = states::basket(), [customer least limit quantity currency],
    set_quantity(view, quantity: u16)
    if view.limit().checked_mul(2).is_some_and(|most| (*view.least()..=most).contains(&quantity)),
    DEFAULTS_HOLD: bool = false
}

state! {
    World = states::world(), [
        account roles cart letter step mode position yaw tags pause offset spot digit wide ready choice
    ],
    set_yaw(view, yaw: f64) if (0.0..360.0).contains(&yaw),
    ONE_FORM: [bool; 2] = [true, false]
}

state! {
    Ladder = states::ladder(), [house open floors level lean name step],
    set_level(view, level: u32) if level >= 1
}

state! {
    Till = states::till(), [floor ceiling rate slots amount ratio places last confirmed tip],
    set_places(view, places: Vec<Option<u8>>)
    if places.len() <= 4
        && places.iter().flatten().all(|place| (1..view.slots().saturating_sub(1)).contains(place))
}

state! {
    Archive = states::archive(), [tree seal marks pages read],
    set_read(view, read: bool) if true,
    ONE_FORM: [bool; 2] = [true, false]
}

state! {
    Numbers = states::numbers(), [
        tiny short plain long huge size shift ratio exact sign wait a b c d e f g h i j k l m n o p q r
    ],
    set_h(view, h: f64) if h >= 0.1,
    ONE_FORM: [bool; 2] = [false, true]
}

state! {
    Plain = Plain::honest_one(), [longest name articles at speed backwards],
    set_at(view, at: u32) if at <= *view.longest()
}

impl State for Film {
    fn honest() -> Self {
        Self::honest_one()
    }

    fn is_shown_by(&self, view: &Self::View<'_>) -> bool {
        let [subtitle, position] = [
            view.subtitle().is_none_or(|shown| *shown == self.subtitle),
            view.position().is_none_or(|shown| *shown == self.position),
        ];
        *view.length() == self.length && *view.quality() == self.quality && subtitle && position
    }

    /// A jar gives no bundle before all derived values are there.
    fn poke(view: &mut Self::View<'_>, u: &mut Unstructured<'_>) -> Result<(bool, bool)> {
        let (position, subtitle): (u32, String) = u.arbitrary()?;
        let fits = position <= *view.length() && subtitle.len() <= 6;
        let within = view.set_position(0).is_ok() && view.set_subtitle("fr".into()).is_ok();
        let done = view.set_position(position).is_ok() & view.set_subtitle(subtitle).is_ok();
        Ok((within && done, fits))
    }
}
