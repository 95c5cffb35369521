//! The eleven schemas. Beside what the derive is told, each says once more, by hand, what the oracle has to know of it:
//! its tiers and times, how its values are written, read and bounded, and which combinations are sound.
//!
//! Each comes with twins that differ from it in one thing only: the version, the name, or what one server was built with.

mod bare;
mod basket;
mod film;
mod five;
mod ladder;
mod note;
mod pair;
mod shop;
mod twins;
mod video;
mod world;

use std::fmt::Debug;

use statecookie::{Class, OutOfRange, Session, StateCookie};

use crate::dice::Dice;
use crate::oracle::shown::{Restored, Shown};
use crate::wire::put::Out;

pub(crate) use bare::now::Bare;
pub(crate) use basket::now::Basket;
pub(crate) use film::now::Film;
pub(crate) use five::now::Five;
pub(crate) use ladder::now::Ladder;
pub(crate) use note::now::Note;
pub(crate) use pair::now::Pair;
pub(crate) use shop::now::Shop;
pub(crate) use twins::now::Twins;
pub(crate) use video::now::Video;
pub(crate) use world::now::World;

/// What the oracle knows of a schema as one server was built with it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts {
    /// How long each tier's cookies live, in milliseconds, from tier 0 up.
    pub(crate) valid_for: &'static [u64],
    /// How long a session lives, in seconds.
    pub(crate) session_max: u64,
    /// How many of the lowest tiers are `or_default`.
    pub(crate) or_default: usize,
    /// The tiers with immutable fields.
    pub(crate) immutable: &'static [usize],
    /// The tiers with private fields.
    pub(crate) private: &'static [usize],
    /// What private values are padded to a multiple of.
    pub(crate) pad: usize,
    /// Whether there are derived fields.
    pub(crate) derives: bool,
    /// Whether the server's signed types are others than the issuer's, so that it cannot read what they hold.
    pub(crate) reads_other_types: bool,
}

impl Facts {
    /// The defaults.
    pub(crate) const USUAL: Self = Self {
        valid_for: &[],
        session_max: 24 * 3600,
        or_default: 0,
        immutable: &[],
        private: &[],
        pad: 16,
        derives: false,
        reads_other_types: false,
    };

    /// The number of tiers.
    pub(crate) const fn tiers(&self) -> usize {
        self.valid_for.len()
    }

    /// How long a tier's cookies live on the wire: a fraction counts as a second.
    pub(crate) const fn valid_secs(&self, tier: usize) -> u64 {
        self.valid_for[tier].div_ceil(1000)
    }

    /// The shortest validity, in milliseconds.
    pub(crate) fn shortest(&self) -> u64 {
        self.valid_for.iter().copied().min().unwrap_or_default()
    }

    /// The longest validity, in milliseconds.
    pub(crate) fn longest(&self) -> u64 {
        self.valid_for.iter().copied().max().unwrap_or_default()
    }
}

/// A schema as one server was built with it.
pub(crate) trait Build: StateCookie {
    /// What the oracle knows of it.
    const FACTS: Facts;

    /// Appends the values of one tier and class as section 2 says.
    fn put(&self, tier: usize, class: Class, out: &mut Out);
}

/// A schema whose honest histories are attacked.
pub(crate) trait Known: Build + Clone + Debug {
    /// The same schema in its next version.
    type Next: Known;
    /// The same schema under another name, found so that the schema hash is the same: no security rests on that.
    type Other: Known;
    /// The same description, built with other policies or other inner types.
    type Rebuilt: Build;

    /// A sound state.
    fn draw(dice: &mut Dice) -> Self;

    /// Gives the signed fields of a tier other values, and what depends on them values that fit.
    fn renew(&mut self, tier: usize, dice: &mut Dice);

    /// Gives the mutable fields of a tier values that a client may choose.
    fn vary(&mut self, tier: usize, dice: &mut Dice);

    /// Sets the fields of a tier in a session to these.
    fn set(&self, tier: usize, session: &mut Session<Self>) -> Result<(), OutOfRange>;

    /// What a server must restore.
    fn restore(shown: &mut Shown<'_, Self>) -> Restored<Self>;

    /// What the struct's own validation says, once more by hand.
    fn is_sound(&self) -> bool {
        true
    }
}

/// All values of a state, as the oracle compares them: to the bit.
pub(crate) fn image<S: Build>(state: &S) -> Out {
    let mut out = Out::with_capacity(64);
    for tier in 0..S::FACTS.tiers() {
        for class in [
            Class::Immutable,
            Class::Private,
            Class::Mutable,
            Class::Derived,
        ] {
            state.put(tier, class, &mut out);
        }
    }
    out
}

/// What a client of this state supplies: the derived values, tiers from the root down; `None` where the schema has none.
pub(crate) fn derived<S: Build>(state: &S) -> Option<Out> {
    S::FACTS.derives.then(|| {
        let mut out = Out::new();
        for tier in (0..S::FACTS.tiers()).rev() {
            state.put(tier, Class::Derived, &mut out);
        }
        out
    })
}

/// The values of one tier and class.
pub(crate) fn section<S: Build>(state: &S, tier: usize, class: Class) -> Out {
    let mut out = Out::new();
    state.put(tier, class, &mut out);
    out
}
