//! The two schemas of `model::rules`, as the library's users write them.

use statecookie::{Jar, Session, StateCookie};

use crate::model::accept::DEFAULT;
use crate::model::issue::SERVER_STEP;
use crate::model::state::MAX_TIERS;

/// Two tiers, both with signed and mutable values; the root has private ones too.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(
    version = 1,
    session_max = "70s",
    tier(1, valid_for = "40s"),
    tier(0, valid_for = "20s")
)]
pub(crate) struct Duo {
    #[tier(1)]
    #[immutable]
    account: u64,
    #[tier(1)]
    #[private]
    rating: u64,
    #[tier(1)]
    #[mutable(range = 0..=99)]
    quality: u8,
    #[tier(0)]
    #[immutable]
    cart: u64,
    #[tier(0)]
    #[mutable(range = 0..=99)]
    position: u8,
}

/// Three tiers; the root has private values, the lowest nothing but mutable ones, and defaults.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(
    version = 1,
    session_max = "90s",
    tier(2, valid_for = "60s"),
    tier(1, valid_for = "40s"),
    tier(0, valid_for = "20s", or_default)
)]
pub(crate) struct Trio {
    #[tier(2)]
    #[immutable]
    account: u64,
    #[tier(2)]
    #[private]
    rating: u64,
    #[tier(2)]
    #[mutable(range = 0..=99)]
    quality: u8,
    #[tier(1)]
    #[immutable]
    cart: u64,
    #[tier(1)]
    #[mutable(range = 0..=99)]
    volume: u8,
    #[tier(0)]
    #[mutable(range = 0..=99)]
    position: u8,
}

/// Values by tier: the number that the signed ones stand for, and the mutable one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Values {
    pub(crate) signed: [u64; MAX_TIERS],
    pub(crate) mutable: [u8; MAX_TIERS],
}

/// A schema that the model knows.
pub(crate) trait Visit: StateCookie + Clone + PartialEq + std::fmt::Debug + 'static {
    /// The state with these values.
    fn of(values: &Values) -> Self;

    /// A server's change of a tier: to a new number, or by a step where nothing is signed.
    fn edit(session: &mut Session<Self>, tier: usize, number: u64) -> Result<(), String>;

    /// The client's change of a tier.
    fn change(jar: &mut Jar, tier: usize, value: u8) -> Result<(), String>;

    /// What the client sees.
    fn seen(jar: &mut Jar) -> Result<Values, String>;
}

/// The private value that goes with a number.
fn rating(number: u64) -> u64 {
    number.wrapping_mul(3).wrapping_add(1)
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

impl Visit for Duo {
    fn of(values: &Values) -> Self {
        let [cart, account, _] = values.signed;
        let [position, quality, _] = values.mutable;
        Self {
            account,
            rating: rating(account),
            quality,
            cart,
            position,
        }
    }

    fn edit(session: &mut Session<Self>, tier: usize, number: u64) -> Result<(), String> {
        match tier {
            0 => session.edit().set_cart(number),
            _ => {
                session.edit().set_account(number);
                session.edit().set_rating(rating(number));
            }
        }
        Ok(())
    }

    fn change(jar: &mut Jar, tier: usize, value: u8) -> Result<(), String> {
        let mut view = jar.view::<Self>().map_err(text)?;
        match tier {
            0 => view.set_position(value).map_err(text),
            _ => view.set_quality(value).map_err(text),
        }
    }

    fn seen(jar: &mut Jar) -> Result<Values, String> {
        let view = jar.view::<Self>().map_err(text)?;
        Ok(Values {
            signed: [*view.cart(), *view.account(), 0],
            mutable: [*view.position(), *view.quality(), 0],
        })
    }
}

impl Visit for Trio {
    fn of(values: &Values) -> Self {
        let [_, cart, account] = values.signed;
        let [position, volume, quality] = values.mutable;
        Self {
            account,
            rating: rating(account),
            quality,
            cart,
            volume,
            position,
        }
    }

    fn edit(session: &mut Session<Self>, tier: usize, number: u64) -> Result<(), String> {
        match tier {
            0 => {
                let position = session.position + SERVER_STEP;
                session.edit().set_position(position).map_err(text)?;
            }
            1 => session.edit().set_cart(number),
            _ => {
                session.edit().set_account(number);
                session.edit().set_rating(rating(number));
            }
        }
        Ok(())
    }

    fn change(jar: &mut Jar, tier: usize, value: u8) -> Result<(), String> {
        let mut view = jar.view::<Self>().map_err(text)?;
        match tier {
            0 => view.set_position(value).map_err(text),
            1 => view.set_volume(value).map_err(text),
            _ => view.set_quality(value).map_err(text),
        }
    }

    fn seen(jar: &mut Jar) -> Result<Values, String> {
        let view = jar.view::<Self>().map_err(text)?;
        Ok(Values {
            signed: [0, *view.cart(), *view.account()],
            mutable: [*view.position(), *view.volume(), *view.quality()],
        })
    }
}

const _: () = assert!(DEFAULT == 0, "the schemas' defaults");
