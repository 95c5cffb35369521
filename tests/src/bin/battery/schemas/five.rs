//! Five tiers, the lowest two with defaults, padding to 64, sequences of nested values.

use std::collections::BTreeMap;
use std::time::Duration;

use statecookie::{Class, MutableValue, OutOfRange, Session, StateCookie};

use super::{Build, Facts, Known};
use crate::dice::Dice;
use crate::oracle::shown::{Restored, Shown};
use crate::wire::put::{self, Out};
use crate::wire::strict::{Fault, Strict, within};

/// How somebody feels.
#[derive(Clone, Copy, Debug, PartialEq, MutableValue)]
pub(crate) enum Mood {
    Calm,
    Hurried,
}

/// A nested value, of which there may be three.
#[derive(Clone, Debug, PartialEq, MutableValue)]
pub(crate) struct Corner {
    #[mutable(range = -10..=10)]
    x: i16,
    #[mutable(max_len = 4)]
    label: String,
    #[mutable(any)]
    height: f32,
}

impl Corner {
    fn draw(dice: &mut Dice) -> Self {
        let height = dice.pick(&[0.0, 1.5, f32::INFINITY, f32::MIN]);
        Self {
            x: dice.within(-10, 10) as i16,
            label: dice.text(4),
            height,
        }
    }

    fn put(&self, out: &mut Out) {
        put::i(out, i64::from(self.x));
        put::text(out, &self.label);
        put::f32(out, self.height);
    }

    fn read(input: &mut Strict<'_>) -> Result<Self, Fault> {
        Ok(Self {
            x: within(input.i16()?, |x| (-10..=10).contains(x))?,
            label: input.text(4)?,
            height: within(input.f32()?, |height| !height.is_nan())?,
        })
    }
}

type Rights = BTreeMap<String, Vec<Option<bool>>>;

macro_rules! five {
    ($module:ident, $name:literal, $version:literal, $notes:literal) => {
        pub(crate) mod $module {
            use super::*;

            #[derive(StateCookie, Clone, Debug)]
            #[statecookie(name = $name, version = $version, session_max = "13h", pad = 64)]
            #[statecookie(tier(4, valid_for = "12h"), tier(3, valid_for = "3h"))]
            #[statecookie(tier(2, valid_for = $notes), tier(1, valid_for = "2m", or_default))]
            #[statecookie(tier(0, valid_for = "30s", or_default))]
            pub(crate) struct Five {
                #[tier(4)]
                #[immutable]
                pub(super) account: (u128, i8, char),
                #[tier(4)]
                #[private]
                pub(super) notes: Vec<String>,
                #[tier(3)]
                #[immutable]
                pub(super) rights: Rights,
                #[tier(2)]
                #[private]
                pub(super) quota: Result<u64, ()>,
                #[tier(2)]
                #[mutable(any)]
                pub(super) mood: Mood,
                #[tier(1)]
                #[mutable(max_len = 3)]
                pub(super) corners: Vec<Corner>,
                #[tier(1)]
                #[mutable(range = ..=Duration::from_secs(60))]
                pub(super) pause: Duration,
                #[tier(0)]
                #[mutable(max_len = 3, each(max_len = 5))]
                pub(super) words: Vec<String>,
                #[tier(0)]
                #[mutable(range = 'a'..='z')]
                pub(super) key: Option<char>,
            }

            impl Build for Five {
                const FACTS: Facts = super::$module();

                fn put(&self, tier: usize, class: Class, out: &mut Out) {
                    match (tier, class) {
                        (4, Class::Immutable) => {
                            put::wide(out, self.account.0);
                            out.push(self.account.1 as u8);
                            put::char(out, self.account.2);
                        }
                        (4, Class::Private) => {
                            put::each(out, &self.notes, |out, note| put::text(out, note))
                        }
                        (3, Class::Immutable) => {
                            put::u(out, self.rights.len() as u64);
                            for (name, rights) in &self.rights {
                                put::text(out, name);
                                put::each(out, rights, |out, right| {
                                    put::option(out, right, |out, right| put::flag(out, *right));
                                });
                            }
                        }
                        (2, Class::Private) => match self.quota {
                            Ok(quota) => {
                                put::u(out, 0);
                                put::u(out, quota);
                            }
                            Err(()) => put::u(out, 1),
                        },
                        (2, Class::Mutable) => put::u(out, self.mood as u64),
                        (1, Class::Mutable) => {
                            put::each(out, &self.corners, |out, corner| corner.put(out));
                            put::duration(out, self.pause);
                        }
                        (0, Class::Mutable) => {
                            put::each(out, &self.words, |out, word| put::text(out, word));
                            put::option(out, &self.key, |out, key| put::char(out, *key));
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
        impl Known for $module::Five {
            type Next = $next::Five;
            type Other = $other::Five;
            type Rebuilt = rebuilt::Five;

            fn draw(dice: &mut Dice) -> Self {
                let mut five = Self {
                    account: (0, 0, 'a'),
                    notes: Vec::new(),
                    rights: Rights::new(),
                    quota: Err(()),
                    mood: Mood::Calm,
                    corners: Vec::new(),
                    pause: Duration::ZERO,
                    words: Vec::new(),
                    key: None,
                };
                (0..5).for_each(|tier| five.renew(tier, dice));
                (0..5).for_each(|tier| five.vary(tier, dice));
                five
            }

            fn renew(&mut self, tier: usize, dice: &mut Dice) {
                match tier {
                    4 => {
                        self.account = (
                            dice.wide() >> dice.below(128),
                            dice.word() as i8,
                            dice.char(),
                        );
                        self.notes = dice.several(2, |dice| dice.text(40));
                    }
                    3 => {
                        let right = |dice: &mut Dice| dice.pick(&[None, Some(false), Some(true)]);
                        self.rights = dice
                            .several(2, |dice| (dice.text(3), dice.several(2, right)))
                            .into_iter()
                            .collect();
                    }
                    2 => self.quota = dice.coin().then(|| dice.any_size()).ok_or(()),
                    _ => {}
                }
            }

            fn vary(&mut self, tier: usize, dice: &mut Dice) {
                match tier {
                    2 => self.mood = dice.pick(&[Mood::Calm, Mood::Hurried]),
                    1 => {
                        self.corners = dice.several(3, Corner::draw);
                        self.pause = dice.pick(&[
                            Duration::ZERO,
                            Duration::new(59, 999_999_999),
                            Duration::from_secs(60),
                        ]);
                    }
                    0 => {
                        self.words = dice.several(3, |dice| dice.text(5));
                        self.key = dice.coin().then(|| char::from(b'a' + dice.below(26) as u8));
                    }
                    _ => {}
                }
            }

            fn set(&self, tier: usize, session: &mut Session<Self>) -> Result<(), OutOfRange> {
                let mut edit = session.edit();
                match tier {
                    4 => {
                        edit.set_account(self.account);
                        *edit.notes_mut() = self.notes.clone();
                    }
                    3 => *edit.rights_mut() = self.rights.clone(),
                    2 => {
                        edit.set_quota(self.quota);
                        edit.set_mood(self.mood)?;
                    }
                    1 => {
                        edit.set_corners(self.corners.clone())?;
                        edit.set_pause(self.pause)?;
                    }
                    _ => {
                        edit.set_words(self.words.clone())?;
                        edit.set_key(self.key)?;
                    }
                }
                Ok(())
            }

            fn restore(shown: &mut Shown<'_, Self>) -> Restored<Self> {
                let (root, third, second) = (shown.issued(4)?, shown.issued(3)?, shown.issued(2)?);
                let mood = |input: &mut Strict<'_>| {
                    let index = input.variant(2)?;
                    Ok(if index == 0 {
                        Mood::Calm
                    } else {
                        Mood::Hurried
                    })
                };
                Ok(Self {
                    account: root.account,
                    notes: root.notes.clone(),
                    rights: third.rights.clone(),
                    quota: second.quota,
                    mood: shown.mutable(2, mood, |_| true)?,
                    corners: shown.or_default(
                        1,
                        |input| input.sequence(3, Corner::read),
                        |_| true,
                    )?,
                    pause: shown.or_default(
                        1,
                        |input| input.duration(),
                        |pause| *pause <= Duration::from_secs(60),
                    )?,
                    words: shown.or_default(
                        0,
                        |input| input.sequence(3, |input| input.text(5)),
                        |_| true,
                    )?,
                    key: shown.or_default(
                        0,
                        |input| input.option(|input| input.char()),
                        |key| key.is_none_or(|key| key.is_ascii_lowercase()),
                    )?,
                })
            }
        }
    };
}

const fn now() -> Facts {
    Facts {
        valid_for: &[30_000, 120_000, 3_600_000, 10_800_000, 43_200_000],
        session_max: 13 * 3600,
        or_default: 2,
        immutable: &[3, 4],
        private: &[2, 4],
        pad: 64,
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
        valid_for: &[30_000, 120_000, 240_000, 10_800_000, 43_200_000],
        ..now()
    }
}

five!(now, "Fivefold", 1, "1h");
five!(next, "Fivefold", 2, "1h");
five!(other, "Etuhacbk", 1, "1h");
five!(rebuilt, "Fivefold", 1, "4m");
known!(now, next, other);
known!(next, now, other);
known!(other, next, now);
