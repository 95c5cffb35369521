//! The invariants of the protocol as functions over any schema: each draws cases from a seed and panics at the first that breaks it.

mod chains;
mod derivation;
mod forgery;
mod lab;
mod order;
mod pace;
mod secrecy;
mod times;

use alloc::string::String;

use self::lab::Lab;
use super::dice::Dice;
use super::states::States;
use crate::schema::StateCookie;

/// Runs every law on states of `S` that are made by chance.
///
/// # Panics
///
/// A law is broken: the message names law, case and seed. Or no state was found by chance: see [`laws_with`].
pub fn laws<S: StateCookie + PartialEq>() {
    Laws::<S>::new().all();
}

/// Runs every law on states of your own: for schemas whose `check` or `validate` chance does not satisfy.
///
/// `make` is called again and again and may give another state each time.
///
/// # Panics
///
/// A law is broken: the message names law, case and seed.
pub fn laws_with<S: StateCookie + PartialEq>(make: impl FnMut() -> S + 'static) {
    Laws::with(make).all();
}

/// The laws of the protocol for one schema, one method each; run the ones you want.
///
/// ```
/// # use statecookie::StateCookie;
/// # use statecookie::testing::Laws;
/// #[derive(StateCookie, Clone, PartialEq)]
/// #[statecookie(version = 1, tier(0, valid_for = "10m"))]
/// struct Visit {
///     #[tier(0)]
///     #[mutable(range = 0..=4)]
///     quality: u8,
/// }
/// Laws::<Visit>::new().cases(4).seed(7).round_trip();
/// ```
pub struct Laws<S> {
    states: States<S>,
    seed: u64,
    cases: usize,
}

impl<S> core::fmt::Debug for Laws<S> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Laws")
            .field("seed", &self.seed)
            .field("cases", &self.cases)
            .finish_non_exhaustive()
    }
}

impl<S: StateCookie + PartialEq> Default for Laws<S> {
    fn default() -> Self {
        Self::new()
    }
}

macro_rules! laws {
    ($($(#[doc = $doc:literal])+ $law:ident: $holds:path;)+) => {
        /// # Panics
        ///
        /// All laws panic where they are broken; the message names law, case and seed.
        impl<S: StateCookie + PartialEq> Laws<S> {
            $($(#[doc = $doc])+
            pub fn $law(&mut self) {
                self.run(stringify!($law), $holds);
            })+

            /// Every law.
            pub fn all(&mut self) {
                $(self.$law();)+
            }
        }
    };
}

laws! {
    /// 1. What one server issued, another restores.
    round_trip: chains::round_trip;
    /// 2. The tiers re-issued are the touched or due ones closed downwards.
    cascade: chains::cascade;
    /// 3. A cookie is accepted only under the very parent it was issued under.
    recombination: forgery::recombination;
    /// 4. Any changed bit of what is signed refuses.
    integrity: forgery::integrity;
    /// 5. Private values appear in no readable part, in no view of the client, and in no `Debug`.
    confidentiality: secrecy::confidentiality;
    /// 6. A restored state never holds a mutable value outside its bound, and every one within it restores; the client's view
    /// refuses the same values with the server's error.
    range: forgery::range;
    /// 7. Nothing restores before its time or after it.
    validity: times::validity;
    /// 8. A jar ends up with the same chain for every order and duplication of the same updates.
    order: order::order;
    /// 9. After a key change the next flush is full under the new key, and the old key is accepted to the end of its window.
    key_change: times::key_change;
    /// 10. What a resumed session issues first is newer than everything presented to it, and forks part for good.
    continuity: chains::continuity;
    /// 11. What `at_most_every` and `approx` hold back goes once, in its newest form, when it is due.
    approximation: pace::approximation;
    /// What a bundle must supply of derived fields is named where it is missing, and is in no cookie.
    derivation: derivation::derivation;
    /// 12. No bytes make it panic.
    no_panic: forgery::no_panic;
}

impl<S: StateCookie + PartialEq> Laws<S> {
    /// On states made by chance: 16 cases for each law, always from the same seed.
    pub const fn new() -> Self {
        Self {
            states: States::by_chance(),
            seed: 1,
            cases: 16,
        }
    }

    /// On states that `make` gives.
    pub fn with(make: impl FnMut() -> S + 'static) -> Self {
        Self {
            states: States::made_by(make),
            ..Self::new()
        }
    }

    /// How many cases each law draws.
    #[must_use]
    pub fn cases(mut self, cases: usize) -> Self {
        self.cases = cases;
        self
    }

    /// Where the cases begin: the seed of a report with one case draws just that one again.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    fn run(&mut self, law: &str, holds: fn(&mut Lab<'_, S>) -> Verdict) {
        for case in 0..self.cases {
            let seed = self.seed.wrapping_add(case as u64);
            let mut lab = Lab {
                states: &mut self.states,
                dice: Dice::new(seed),
            };
            let verdict = holds(&mut lab);
            assert!(
                verdict.is_ok(),
                "`{}` breaks the law `{law}` (seed {seed}): {}",
                S::TABLE.name,
                verdict.err().unwrap_or_default(),
            );
        }
    }
}

/// Why a case breaks a law.
type Verdict = Result<(), String>;

/// The case breaks the law unless `truth`.
fn require(truth: bool, broken: &str) -> Verdict {
    if truth { Ok(()) } else { Err(broken.into()) }
}
