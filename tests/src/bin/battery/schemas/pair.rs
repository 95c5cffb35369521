//! A generic struct. One server was built without defaults for the lowest tier, which the others have.

use serde::Serialize;
use serde::de::DeserializeOwned;
use statecookie::{Class, OutOfRange, Session, StateCookie};

use super::{Build, Facts, Known};
use crate::dice::Dice;
use crate::oracle::shown::{Restored, Shown};
use crate::wire::put::{self, Out};

type Named = (u16, Option<String>);

fn draw(dice: &mut Dice) -> Named {
    (dice.any_size() as u16, dice.coin().then(|| dice.text(9)))
}

macro_rules! pair {
    ($module:ident, $name:literal, $version:literal $(, $or_default:ident)?) => {
        pub(crate) mod $module {
            use super::*;

            #[derive(StateCookie, Clone, Debug)]
            #[statecookie(name = $name, version = $version)]
            #[statecookie(tier(1, valid_for = "1h"), tier(0, valid_for = "1m" $(, $or_default)?))]
            pub(crate) struct Generic<T, const N: usize>
            where
                T: Serialize + DeserializeOwned + Clone + PartialEq + 'static,
            {
                #[tier(1)]
                #[immutable]
                pub(super) inner: Vec<T>,
                #[tier(1)]
                #[mutable(range = i64::MIN..0)]
                pub(super) below: i64,
                #[tier(0)]
                #[mutable(any)]
                pub(super) switches: [bool; N],
                #[tier(0)]
                #[mutable(range = 0..=6)]
                pub(super) die: u8,
            }

            pub(crate) type Pair = Generic<Named, 4>;

            impl Build for Pair {
                const FACTS: Facts = super::$module();

                fn put(&self, tier: usize, class: Class, out: &mut Out) {
                    match (tier, class) {
                        (1, Class::Immutable) => put::each(out, &self.inner, |out, (number, name)| {
                            put::u(out, u64::from(*number));
                            put::option(out, name, |out, name| put::text(out, name));
                        }),
                        (1, Class::Mutable) => put::i(out, self.below),
                        (0, Class::Mutable) => {
                            self.switches.iter().for_each(|on| put::flag(out, *on));
                            out.push(self.die);
                        }
                        _ => {}
                    }
                }
            }
        }
    };
}

macro_rules! known {
    ($module:ident, $next:ident, $other:ident) => {
        impl Known for $module::Pair {
            type Next = $next::Pair;
            type Other = $other::Pair;
            type Rebuilt = rebuilt::Pair;

            fn draw(dice: &mut Dice) -> Self {
                let mut pair = Self {
                    inner: Vec::new(),
                    below: -1,
                    switches: [false; 4],
                    die: 1,
                };
                pair.renew(1, dice);
                (0..2).for_each(|tier| pair.vary(tier, dice));
                pair
            }

            fn renew(&mut self, tier: usize, dice: &mut Dice) {
                if tier == 1 {
                    self.inner = dice.several(3, draw);
                }
            }

            fn vary(&mut self, tier: usize, dice: &mut Dice) {
                match tier {
                    1 => {
                        self.below =
                            dice.pick(&[-1, i64::MIN, -1 - (dice.clone().any_size() >> 1) as i64])
                    }
                    _ => {
                        self.switches = [(); 4].map(|()| dice.coin());
                        self.die = dice.below(7) as u8;
                    }
                }
            }

            fn set(&self, tier: usize, session: &mut Session<Self>) -> Result<(), OutOfRange> {
                let mut edit = session.edit();
                if tier == 1 {
                    *edit.inner_mut() = self.inner.clone();
                    return edit.set_below(self.below);
                }
                edit.set_switches(self.switches)?;
                edit.set_die(self.die)
            }

            fn restore(shown: &mut Shown<'_, Self>) -> Restored<Self> {
                Ok(Self {
                    inner: shown.issued(1)?.inner.clone(),
                    below: shown.mutable(1, |input| input.i64(), |below| *below < 0)?,
                    switches: shown.or_default(
                        0,
                        |input| input.array(|input| input.flag()),
                        |_| true,
                    )?,
                    die: shown.or_default(0, |input| input.u8(), |die| *die <= 6)?,
                })
            }
        }
    };
}

const fn now() -> Facts {
    Facts {
        valid_for: &[60_000, 3_600_000],
        or_default: 1,
        immutable: &[1],
        ..Facts::USUAL
    }
}

const fn next() -> Facts {
    now()
}

const fn other() -> Facts {
    now()
}

const fn rebuilt() -> Facts {
    Facts {
        or_default: 0,
        ..now()
    }
}

pair!(now, "Couplets", 1, or_default);
pair!(next, "Couplets", 2, or_default);
pair!(other, "Rzalardu", 1, or_default);
pair!(rebuilt, "Couplets", 1);
known!(now, next, other);
known!(next, now, other);
known!(other, next, now);
