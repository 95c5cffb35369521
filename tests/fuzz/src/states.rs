//! What the targets need of a schema beyond its derive: an honest state, and its view field by field.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::time::Duration;

use arbitrary::{Result, Unstructured};
use statecookie::StateCookie;

use crate::schemas::{Basket, Item, Mode, Note, Plain, Rights, Spot, World};

/// A schema under attack.
pub(crate) trait State: StateCookie + PartialEq + Debug {
    /// Whether the defaults of tiers left away are within their bounds.
    const DEFAULTS_HOLD: bool = true;
    /// Whether a private value has one form: a map takes its pairs in any order.
    const ONE_FORM: bool = true;

    fn honest() -> Self;

    /// Whether the view shows the state's open fields.
    fn is_shown_by(&self, view: &Self::View<'_>) -> bool;

    /// Sets a value of the fuzzer's; whether it was within its bound, and whether it had to be.
    fn poke(view: &mut Self::View<'_>, u: &mut Unstructured<'_>) -> Result<(bool, bool)>;
}

macro_rules! is_shown {
    ($($field:ident)*) => {
        fn is_shown_by(&self, view: &Self::View<'_>) -> bool {
            true $(&& *view.$field() == self.$field)*
        }
    };
}

impl State for Note {
    fn honest() -> Self {
        Self {
            author: "Zoë".into(),
            rights: Some(Rights::Editor(300)),
            text: "grüezi".into(),
            quality: 3,
        }
    }

    is_shown! { author text quality }

    fn poke(view: &mut Self::View<'_>, u: &mut Unstructured<'_>) -> Result<(bool, bool)> {
        let text = u.arbitrary::<String>()?;
        let fits = text.len() <= 12;
        Ok((view.set_text(text).is_ok(), fits))
    }
}

impl State for Basket {
    const DEFAULTS_HOLD: bool = false;

    fn honest() -> Self {
        Self {
            customer: 4711,
            least: 1,
            limit: 10,
            rebate: 250,
            quantity: 2,
            currency: "EUR".into(),
        }
    }

    is_shown! { customer least limit quantity currency }

    fn poke(view: &mut Self::View<'_>, u: &mut Unstructured<'_>) -> Result<(bool, bool)> {
        let quantity = u.arbitrary::<u16>()?;
        let most = view.limit().checked_mul(2);
        let fits = most.is_some_and(|most| (*view.least()..=most).contains(&quantity));
        Ok((view.set_quantity(quantity).is_ok(), fits))
    }
}

impl State for World {
    const ONE_FORM: bool = false;

    fn honest() -> Self {
        Self {
            account: u64::MAX,
            roles: vec![
                Rights::Guest,
                Rights::Editor(65_535),
                Rights::Owner {
                    since: 1 << 40,
                    shared: true,
                },
            ],
            rating: -721,
            seen: BTreeMap::from([("a".into(), 1), ("lamp".into(), 300)]),
            cart: vec![Item {
                name: "lamp".into(),
                count: 2,
                price: (-1999, false),
            }],
            letter: 'c',
            step: 128,
            mode: Mode::Fly,
            position: [[1.0, -2.5], [500.0, -500.0]],
            yaw: 359.75,
            tags: vec!["new".into(), String::new(), "größe".into()],
            pause: Duration::new(4, 999_999_999),
            offset: -1000,
            spot: Spot {
                x: 99,
                label: "home".into(),
            },
            digit: Some(9),
            wide: u128::MAX,
            ready: true,
            choice: Some(3),
        }
    }

    is_shown! {
        account roles cart letter step mode position yaw tags pause offset spot digit wide ready choice
    }

    fn poke(view: &mut Self::View<'_>, u: &mut Unstructured<'_>) -> Result<(bool, bool)> {
        let yaw = u.arbitrary::<f64>()?;
        Ok((view.set_yaw(yaw).is_ok(), (0.0..360.0).contains(&yaw)))
    }
}

impl State for Plain {
    fn honest() -> Self {
        Self {
            longest: 1000,
            name: "Ada".into(),
            articles: vec![(1, true), (65_535, false)],
            at: 999,
            speed: -7,
            backwards: true,
        }
    }

    is_shown! { longest name articles at speed backwards }

    fn poke(view: &mut Self::View<'_>, u: &mut Unstructured<'_>) -> Result<(bool, bool)> {
        let at = u.arbitrary::<u32>()?;
        let fits = at <= *view.longest();
        Ok((view.set_at(at).is_ok(), fits))
    }
}
