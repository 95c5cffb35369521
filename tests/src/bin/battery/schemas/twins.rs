//! Two tiers alike and nothing mutable, so that nothing but the chain itself tells their cookies apart.

use statecookie::{Class, OutOfRange, Session, StateCookie};

use super::{Build, Facts, Known};
use crate::dice::Dice;
use crate::oracle::shown::{Restored, Shown};
use crate::wire::put::Out;

macro_rules! twins {
    ($module:ident, $name:literal, $version:literal) => {
        pub(crate) mod $module {
            use super::*;

            #[derive(StateCookie, Clone, Debug)]
            #[statecookie(name = $name, version = $version)]
            #[statecookie(tier(1, valid_for = "1h"), tier(0, valid_for = "1h"))]
            pub(crate) struct Twins {
                #[tier(1)]
                #[private]
                pub(super) upper: u8,
                #[tier(0)]
                #[private]
                pub(super) lower: u8,
            }
        }
    };
}

macro_rules! known {
    ($module:ident, $next:ident, $other:ident) => {
        impl Build for $module::Twins {
            const FACTS: Facts = Facts {
                valid_for: &[3_600_000, 3_600_000],
                private: &[0, 1],
                ..Facts::USUAL
            };

            fn put(&self, tier: usize, class: Class, out: &mut Out) {
                if class == Class::Private {
                    out.push([self.lower, self.upper][tier]);
                }
            }
        }

        impl Known for $module::Twins {
            type Next = $next::Twins;
            type Other = $other::Twins;
            type Rebuilt = Self;

            fn draw(dice: &mut Dice) -> Self {
                let same = dice.word() as u8;
                Self {
                    upper: same,
                    lower: same,
                }
            }

            fn renew(&mut self, tier: usize, dice: &mut Dice) {
                let value = dice.word() as u8;
                match tier {
                    1 => self.upper = value,
                    _ => self.lower = value,
                }
            }

            fn vary(&mut self, _: usize, _: &mut Dice) {}

            fn set(&self, tier: usize, session: &mut Session<Self>) -> Result<(), OutOfRange> {
                match tier {
                    1 => session.edit().set_upper(self.upper),
                    _ => session.edit().set_lower(self.lower),
                }
                Ok(())
            }

            fn restore(shown: &mut Shown<'_, Self>) -> Restored<Self> {
                Ok(Self {
                    upper: shown.issued(1)?.upper,
                    lower: shown.issued(0)?.lower,
                })
            }
        }
    };
}

twins!(now, "Siblings", 1);
twins!(next, "Siblings", 2);
twins!(other, "Rcsjadnv", 1);
known!(now, next, other);
known!(next, now, other);
known!(other, next, now);
