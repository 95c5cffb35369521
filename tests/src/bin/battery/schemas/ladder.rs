//! Eight tiers, as many as there may be: each class alone in a tier, no padding, tiers without mutable fields in between.

use statecookie::{Class, OutOfRange, Session, StateCookie};

use super::{Build, Facts, Known};
use crate::dice::Dice;
use crate::oracle::shown::{Restored, Shown};
use crate::wire::put::{self, Out};

macro_rules! ladder {
    ($module:ident, $name:literal, $version:literal) => {
        pub(crate) mod $module {
            use super::*;

            #[derive(StateCookie, Clone, Debug)]
            #[statecookie(name = $name, version = $version, pad = 1)]
            #[statecookie(tier(7, valid_for = "8h"), tier(6, valid_for = "4h"))]
            #[statecookie(tier(5, valid_for = "2h"), tier(4, valid_for = "1h"))]
            #[statecookie(tier(3, valid_for = "30m"), tier(2, valid_for = "10m"))]
            #[statecookie(
                tier(1, valid_for = "3m", or_default),
                tier(0, valid_for = "1m", or_default)
            )]
            pub(crate) struct Ladder {
                #[tier(7)]
                #[immutable]
                pub(super) id: u64,
                #[tier(6)]
                #[private]
                pub(super) secret: u8,
                #[tier(5)]
                #[mutable(range = 0..10)]
                pub(super) digit: u8,
                #[tier(4)]
                #[immutable]
                pub(super) span: i16,
                #[tier(4)]
                #[mutable(range = -self.span..=self.span)]
                pub(super) offset: i16,
                #[tier(3)]
                #[private]
                pub(super) memo: String,
                #[tier(3)]
                #[mutable(any)]
                pub(super) pinned: bool,
                #[tier(2)]
                #[immutable]
                pub(super) bytes: Vec<u8>,
                #[tier(1)]
                #[mutable(range = ..1000)]
                pub(super) level: u16,
                #[tier(0)]
                #[mutable(any)]
                pub(super) grade: char,
            }
        }
    };
}

macro_rules! known {
    ($module:ident, $next:ident, $other:ident) => {
        impl Build for $module::Ladder {
            const FACTS: Facts = Facts {
                valid_for: &[
                    60_000, 180_000, 600_000, 1_800_000, 3_600_000, 7_200_000, 14_400_000,
                    28_800_000,
                ],
                or_default: 2,
                immutable: &[2, 4, 7],
                private: &[3, 6],
                pad: 1,
                ..Facts::USUAL
            };

            fn put(&self, tier: usize, class: Class, out: &mut Out) {
                match (tier, class) {
                    (7, Class::Immutable) => put::u(out, self.id),
                    (6, Class::Private) => out.push(self.secret),
                    (5, Class::Mutable) => out.push(self.digit),
                    (4, Class::Immutable) => put::i(out, i64::from(self.span)),
                    (4, Class::Mutable) => put::i(out, i64::from(self.offset)),
                    (3, Class::Private) => put::text(out, &self.memo),
                    (3, Class::Mutable) => put::flag(out, self.pinned),
                    (2, Class::Immutable) => put::bytes(out, &self.bytes),
                    (1, Class::Mutable) => put::u(out, u64::from(self.level)),
                    (0, Class::Mutable) => put::char(out, self.grade),
                    _ => {}
                }
            }
        }

        impl Known for $module::Ladder {
            type Next = $next::Ladder;
            type Other = $other::Ladder;
            type Rebuilt = Self;

            fn draw(dice: &mut Dice) -> Self {
                let mut ladder = Self {
                    id: 0,
                    secret: 0,
                    digit: 0,
                    span: 0,
                    offset: 0,
                    memo: String::new(),
                    pinned: false,
                    bytes: Vec::new(),
                    level: 0,
                    grade: '1',
                };
                (0..8).for_each(|tier| ladder.renew(tier, dice));
                (0..8).for_each(|tier| ladder.vary(tier, dice));
                ladder
            }

            fn renew(&mut self, tier: usize, dice: &mut Dice) {
                match tier {
                    7 => self.id = dice.any_size(),
                    6 => self.secret = dice.word() as u8,
                    4 => {
                        self.span = dice.within(0, i64::from(i16::MAX)) as i16 >> dice.below(15);
                        self.offset = self.offset.clamp(-self.span, self.span);
                    }
                    3 => self.memo = dice.text(10),
                    2 => self.bytes = dice.several(6, |dice| dice.word() as u8),
                    _ => {}
                }
            }

            fn vary(&mut self, tier: usize, dice: &mut Dice) {
                let span = i64::from(self.span);
                match tier {
                    5 => self.digit = dice.below(10) as u8,
                    4 => {
                        self.offset =
                            dice.pick(&[-span, span, dice.clone().within(-span, span)]) as i16
                    }
                    3 => self.pinned = dice.coin(),
                    1 => self.level = dice.below(1000) as u16,
                    0 => self.grade = dice.char(),
                    _ => {}
                }
            }

            fn set(&self, tier: usize, session: &mut Session<Self>) -> Result<(), OutOfRange> {
                let mut edit = session.edit();
                match tier {
                    7 => edit.set_id(self.id),
                    6 => edit.set_secret(self.secret),
                    5 => edit.set_digit(self.digit)?,
                    4 => {
                        edit.set_span(self.span);
                        edit.set_offset(self.offset)?;
                    }
                    3 => {
                        *edit.memo_mut() = self.memo.clone();
                        edit.set_pinned(self.pinned)?;
                    }
                    2 => edit.set_bytes(self.bytes.clone()),
                    1 => edit.set_level(self.level)?,
                    _ => edit.set_grade(self.grade)?,
                }
                Ok(())
            }

            fn restore(shown: &mut Shown<'_, Self>) -> Restored<Self> {
                let span = shown.issued(4)?.span;
                let reach = i32::from(span);
                Ok(Self {
                    id: shown.issued(7)?.id,
                    secret: shown.issued(6)?.secret,
                    digit: shown.mutable(5, |input| input.u8(), |digit| *digit <= 9)?,
                    span,
                    offset: shown.mutable(
                        4,
                        |input| input.i16(),
                        |offset| -reach <= i32::from(*offset) && i32::from(*offset) <= reach,
                    )?,
                    memo: shown.issued(3)?.memo.clone(),
                    pinned: shown.mutable(3, |input| input.flag(), |_| true)?,
                    bytes: shown.issued(2)?.bytes.clone(),
                    level: shown.or_default(1, |input| input.u16(), |level| *level <= 999)?,
                    grade: shown.or_default(0, |input| input.char(), |_| true)?,
                })
            }
        }
    };
}

ladder!(now, "Stairway", 1);
ladder!(next, "Stairway", 2);
ladder!(other, "Rmahagms", 1);
known!(now, next, other);
known!(next, now, other);
known!(other, next, now);
