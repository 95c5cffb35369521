//! Three tiers, most shapes, padding to 8, a check, and a validation across tiers.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use statecookie::{Class, MutableValue, OutOfRange, Session, StateCookie};

use super::note::Rights;
use super::{Build, Facts, Known};
use crate::dice::Dice;
use crate::oracle::shown::{Restored, Shown};
use crate::wire::put::{self, Out};
use crate::wire::strict::{Fault, Strict, within};

/// What lies in a cart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Item {
    name: String,
    count: u32,
    price: (i64, bool),
}

/// How somebody moves.
#[derive(MutableValue, Clone, Copy, Debug, PartialEq)]
pub(crate) enum Mode {
    Walk,
    Run,
    Fly,
}

/// A nested value with bounds of its own.
#[derive(MutableValue, Clone, Debug, Default, PartialEq)]
pub(crate) struct Spot {
    #[mutable(range = 0..=99)]
    x: u16,
    #[mutable(any, max_len = 4)]
    label: String,
}

const MODES: [Mode; 3] = [Mode::Walk, Mode::Run, Mode::Fly];

impl Spot {
    fn read(input: &mut Strict<'_>) -> Result<Self, Fault> {
        Ok(Self {
            x: within(input.u16()?, |x| *x <= 99)?,
            label: input.text(4)?,
        })
    }
}

fn is_even(step: &u32) -> bool {
    step.is_multiple_of(2)
}

macro_rules! world {
    ($module:ident, $name:literal, $version:literal) => {
        pub(crate) mod $module {
            use super::*;

            #[derive(StateCookie, Clone, Debug)]
            #[statecookie(name = $name, version = $version, pad = 8, validate = World::may_be)]
            #[statecookie(tier(2, valid_for = "3h"), tier(1, valid_for = "30m"))]
            #[statecookie(tier(0, valid_for = "30s", or_default))]
            pub(crate) struct World {
                #[tier(2)]
                #[immutable]
                pub(super) account: u64,
                #[tier(2)]
                #[immutable]
                pub(super) roles: Vec<Rights>,
                #[tier(2)]
                #[private]
                pub(super) rating: i32,
                #[tier(2)]
                #[private]
                pub(super) seen: BTreeMap<String, u16>,
                #[tier(1)]
                #[immutable]
                pub(super) cart: Vec<Item>,
                #[tier(1)]
                #[mutable(range = 'a'..='f')]
                pub(super) letter: char,
                #[tier(1)]
                #[mutable(check = is_even)]
                pub(super) step: u32,
                #[tier(1)]
                #[mutable(any)]
                pub(super) mode: Mode,
                #[tier(0)]
                #[mutable(range = -500.0..=500.0)]
                pub(super) position: [[f32; 2]; 2],
                #[tier(0)]
                #[mutable(range = 0.0..360.0)]
                pub(super) yaw: f64,
                #[tier(0)]
                #[mutable(max_len = 3, each(max_len = 8))]
                pub(super) tags: Vec<String>,
                #[tier(0)]
                #[mutable(range(max = Duration::from_secs(5)))]
                pub(super) pause: Duration,
                #[tier(0)]
                #[mutable(range = -1000..1000)]
                pub(super) offset: i64,
                #[tier(0)]
                #[mutable(any)]
                pub(super) spot: Spot,
                #[tier(0)]
                #[mutable(range = 0..=9)]
                pub(super) digit: Option<u8>,
                #[tier(0)]
                #[mutable(any)]
                pub(super) wide: u128,
                #[tier(0)]
                #[mutable(any)]
                pub(super) ready: bool,
                #[tier(0)]
                #[mutable(one_of(None, Some(3)))]
                pub(super) choice: Option<u8>,
            }

            impl World {
                fn may_be(&self) -> bool {
                    self.step <= 1000 && !(self.mode == Mode::Fly && self.ready)
                }
            }
        }
    };
}

macro_rules! known {
    ($module:ident, $next:ident, $other:ident) => {
        impl Build for $module::World {
            const FACTS: Facts = Facts {
                valid_for: &[30_000, 1_800_000, 10_800_000],
                or_default: 1,
                immutable: &[1, 2],
                private: &[2],
                pad: 8,
                ..Facts::USUAL
            };

            fn put(&self, tier: usize, class: Class, out: &mut Out) {
                match (tier, class) {
                    (2, Class::Immutable) => {
                        put::u(out, self.account);
                        put::each(out, &self.roles, |out, role| role.put(out));
                    }
                    (2, Class::Private) => {
                        put::i(out, i64::from(self.rating));
                        put::u(out, self.seen.len() as u64);
                        for (name, times) in &self.seen {
                            put::text(out, name);
                            put::u(out, u64::from(*times));
                        }
                    }
                    (1, Class::Immutable) => put::each(out, &self.cart, |out, item| {
                        put::text(out, &item.name);
                        put::u(out, u64::from(item.count));
                        put::i(out, item.price.0);
                        put::flag(out, item.price.1);
                    }),
                    (1, Class::Mutable) => {
                        put::char(out, self.letter);
                        put::u(out, u64::from(self.step));
                        put::u(out, self.mode as u64);
                    }
                    (0, Class::Mutable) => {
                        self.position
                            .iter()
                            .flatten()
                            .for_each(|x| put::f32(out, *x));
                        put::f64(out, self.yaw);
                        put::each(out, &self.tags, |out, tag| put::text(out, tag));
                        put::duration(out, self.pause);
                        put::i(out, self.offset);
                        put::u(out, u64::from(self.spot.x));
                        put::text(out, &self.spot.label);
                        put::option(out, &self.digit, |out, digit| out.push(*digit));
                        put::wide(out, self.wide);
                        put::flag(out, self.ready);
                        put::option(out, &self.choice, |out, choice| out.push(*choice));
                    }
                    _ => {}
                }
            }
        }

        impl Known for $module::World {
            type Next = $next::World;
            type Other = $other::World;
            type Rebuilt = Self;

            fn draw(dice: &mut Dice) -> Self {
                let mut world = Self {
                    account: 0,
                    roles: Vec::new(),
                    rating: 0,
                    seen: BTreeMap::new(),
                    cart: Vec::new(),
                    letter: 'a',
                    step: 0,
                    mode: Mode::Walk,
                    position: [[0.0; 2]; 2],
                    yaw: 0.0,
                    tags: Vec::new(),
                    pause: Duration::ZERO,
                    offset: 0,
                    spot: Spot::default(),
                    digit: None,
                    wide: 0,
                    ready: false,
                    choice: None,
                };
                (0..3).for_each(|tier| world.renew(tier, dice));
                (0..3).for_each(|tier| world.vary(tier, dice));
                world
            }

            fn renew(&mut self, tier: usize, dice: &mut Dice) {
                match tier {
                    2 => {
                        self.account = dice.any_size();
                        self.roles = dice.several(2, Rights::draw);
                        self.rating = dice.word() as i32 >> dice.below(32);
                        self.seen = dice
                            .several(2, |dice| (dice.text(4), dice.any_size() as u16))
                            .into_iter()
                            .collect();
                    }
                    1 => {
                        self.cart = dice.several(2, |dice| Item {
                            name: dice.text(6),
                            count: dice.any_size() as u32,
                            price: (dice.any_size() as i64, dice.coin()),
                        });
                    }
                    _ => {}
                }
            }

            fn vary(&mut self, tier: usize, dice: &mut Dice) {
                match tier {
                    1 => {
                        self.letter = char::from(b'a' + dice.below(6) as u8);
                        self.step = dice.below(501) as u32 * 2;
                        // Not to fly is what a sound state of any lower tier allows.
                        self.mode = dice.pick(if self.ready { &MODES[..2] } else { &MODES });
                    }
                    0 => {
                        self.position = [[(); 2]; 2]
                            .map(|row| row.map(|()| (dice.fraction() * 1000.0 - 500.0) as f32));
                        self.yaw =
                            dice.pick(&[dice.clone().fraction() * 359.9, 360.0_f64.next_down()]);
                        self.tags = dice.several(3, |dice| dice.text(8));
                        self.pause = match dice.below(3) {
                            0 => Duration::from_secs(5),
                            _ => Duration::from_nanos(dice.below(5_000_000_000)),
                        };
                        self.offset = dice.within(-1000, 999);
                        self.spot = Spot {
                            x: dice.below(100) as u16,
                            label: dice.text(4),
                        };
                        self.digit = dice.coin().then(|| dice.below(10) as u8);
                        self.wide = dice.wide() >> dice.below(128);
                        self.ready = self.mode != Mode::Fly && dice.coin();
                        self.choice = dice.pick(&[None, Some(3)]);
                    }
                    _ => {}
                }
            }

            fn set(&self, tier: usize, session: &mut Session<Self>) -> Result<(), OutOfRange> {
                let mut edit = session.edit();
                match tier {
                    2 => {
                        edit.set_account(self.account);
                        *edit.roles_mut() = self.roles.clone();
                        edit.set_rating(self.rating);
                        *edit.seen_mut() = self.seen.clone();
                    }
                    1 => {
                        *edit.cart_mut() = self.cart.clone();
                        edit.set_letter(self.letter)?;
                        edit.set_step(self.step)?;
                        edit.set_mode(self.mode)?;
                    }
                    _ => {
                        edit.set_position(self.position)?;
                        edit.set_yaw(self.yaw)?;
                        edit.set_tags(self.tags.clone())?;
                        edit.set_pause(self.pause)?;
                        edit.set_offset(self.offset)?;
                        edit.set_spot(self.spot.clone())?;
                        edit.set_digit(self.digit)?;
                        edit.set_wide(self.wide)?;
                        edit.set_ready(self.ready)?;
                        edit.set_choice(self.choice)?;
                    }
                }
                Ok(())
            }

            fn restore(shown: &mut Shown<'_, Self>) -> Restored<Self> {
                let (root, middle) = (shown.issued(2)?, shown.issued(1)?);
                let byte = |input: &mut Strict<'_>| input.u8();
                Ok(Self {
                    account: root.account,
                    roles: root.roles.clone(),
                    rating: root.rating,
                    seen: root.seen.clone(),
                    cart: middle.cart.clone(),
                    letter: shown.mutable(1, |input| input.char(), |c| ('a'..='f').contains(c))?,
                    step: shown.mutable(1, |input| input.u32(), |step| step % 2 == 0)?,
                    mode: shown.mutable(
                        1,
                        |input| input.variant(3).map(|index| MODES[index as usize]),
                        |_| true,
                    )?,
                    position: shown.or_default(
                        0,
                        |input| input.array(|input| input.array(|input| input.f32())),
                        |rows: &[[f32; 2]; 2]| {
                            rows.iter().flatten().all(|x| -500.0 <= *x && *x <= 500.0)
                        },
                    )?,
                    yaw: shown.or_default(
                        0,
                        |input| input.f64(),
                        |yaw| 0.0 <= *yaw && *yaw < 360.0,
                    )?,
                    tags: shown.or_default(
                        0,
                        |input| input.sequence(3, |input| input.text(8)),
                        |_| true,
                    )?,
                    pause: shown.or_default(
                        0,
                        |input| input.duration(),
                        |pause| *pause <= Duration::from_secs(5),
                    )?,
                    offset: shown.or_default(
                        0,
                        |input| input.i64(),
                        |x| -1000 <= *x && *x < 1000,
                    )?,
                    spot: shown.or_default(0, Spot::read, |_| true)?,
                    digit: shown.or_default(
                        0,
                        |input| input.option(byte),
                        |digit| digit.is_none_or(|digit| digit <= 9),
                    )?,
                    wide: shown.or_default(0, |input| input.u128(), |_| true)?,
                    ready: shown.or_default(0, |input| input.flag(), |_| true)?,
                    choice: shown.or_default(
                        0,
                        |input| input.option(byte),
                        |choice| matches!(choice, None | Some(3)),
                    )?,
                })
            }

            fn is_sound(&self) -> bool {
                let flies = matches!(self.mode, Mode::Fly);
                self.step < 1001 && (!flies || !self.ready)
            }
        }
    };
}

world!(now, "Universe", 1);
world!(next, "Universe", 2);
world!(other, "Wfmkaqyc", 1);
known!(now, next, other);
known!(next, now, other);
known!(other, next, now);
