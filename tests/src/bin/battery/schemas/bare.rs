//! One tier with nothing signed but its header: every value is the client's. Floats whose bounds are infinities.

use std::time::Duration;

use statecookie::{Class, OutOfRange, Session, StateCookie};

use super::{Build, Facts, Known};
use crate::dice::Dice;
use crate::oracle::shown::{Restored, Shown};
use crate::wire::put::{self, Out};

macro_rules! bare {
    ($module:ident, $name:literal, $version:literal) => {
        pub(crate) mod $module {
            use super::*;

            #[derive(StateCookie, Clone, Debug)]
            #[statecookie(name = $name, version = $version, session_max = "1h", tier(0, valid_for = "10m"))]
            pub(crate) struct Bare {
                #[tier(0)]
                #[mutable(any)]
                pub(super) reading: f64,
                #[tier(0)]
                #[mutable(range = f32::NEG_INFINITY..=0.0)]
                pub(super) frost: f32,
                #[tier(0)]
                #[mutable(range = 0.0..f64::INFINITY)]
                pub(super) heat: f64,
                #[tier(0)]
                #[mutable(range = ..=0.0)]
                pub(super) debt: f64,
                #[tier(0)]
                #[mutable(any)]
                pub(super) on: [bool; 3],
                #[tier(0)]
                #[mutable(any)]
                pub(super) wide: i128,
                #[tier(0)]
                #[mutable(range = '0'..)]
                pub(super) sign: char,
                #[tier(0)]
                #[mutable(range(min = Duration::from_millis(1)))]
                pub(super) wait: Option<Duration>,
                #[tier(0)]
                #[mutable(max_len = 3, range = 10..20)]
                pub(super) steps: Vec<u16>,
            }
        }
    };
}

macro_rules! known {
    ($module:ident, $next:ident, $other:ident) => {
        impl Build for $module::Bare {
            const FACTS: Facts = Facts {
                valid_for: &[600_000],
                session_max: 3600,
                ..Facts::USUAL
            };

            fn put(&self, _: usize, class: Class, out: &mut Out) {
                if class == Class::Mutable {
                    put::f64(out, self.reading);
                    put::f32(out, self.frost);
                    put::f64(out, self.heat);
                    put::f64(out, self.debt);
                    self.on.iter().for_each(|on| put::flag(out, *on));
                    put::wide_i(out, self.wide);
                    put::char(out, self.sign);
                    put::option(out, &self.wait, |out, wait| put::duration(out, *wait));
                    put::each(out, &self.steps, |out, step| put::u(out, u64::from(*step)));
                }
            }
        }

        impl Known for $module::Bare {
            type Next = $next::Bare;
            type Other = $other::Bare;
            type Rebuilt = Self;

            fn draw(dice: &mut Dice) -> Self {
                let mut bare = Self {
                    reading: 0.0,
                    frost: 0.0,
                    heat: 0.0,
                    debt: 0.0,
                    on: [false; 3],
                    wide: 0,
                    sign: '0',
                    wait: None,
                    steps: Vec::new(),
                };
                bare.vary(0, dice);
                bare
            }

            fn renew(&mut self, _: usize, _: &mut Dice) {}

            fn vary(&mut self, _: usize, dice: &mut Dice) {
                let float = dice.fraction();
                self.reading =
                    dice.pick(&[float, f64::INFINITY, f64::NEG_INFINITY, -0.0, f64::MIN]);
                self.frost = dice.pick(&[-float as f32, f32::NEG_INFINITY, f32::MIN, 0.0]);
                self.heat = dice.pick(&[float, f64::MAX, f64::MIN_POSITIVE, 0.0, -0.0]);
                self.debt = dice.pick(&[-float, f64::MIN, -0.0, 0.0]);
                self.on = [(); 3].map(|()| dice.coin());
                self.wide = dice.wide() as i128 >> dice.below(128);
                self.sign = dice.char().max('0');
                let longest = Duration::new(u64::MAX, 999_999_999);
                self.wait = dice.pick(&[None, Some(Duration::from_millis(1)), Some(longest)]);
                self.steps = dice.several(3, |dice| dice.within(10, 19) as u16);
            }

            fn set(&self, _: usize, session: &mut Session<Self>) -> Result<(), OutOfRange> {
                let mut edit = session.edit();
                edit.set_reading(self.reading)?;
                edit.set_frost(self.frost)?;
                edit.set_heat(self.heat)?;
                edit.set_debt(self.debt)?;
                edit.set_on(self.on)?;
                edit.set_wide(self.wide)?;
                edit.set_sign(self.sign)?;
                edit.set_wait(self.wait)?;
                edit.set_steps(self.steps.clone())
            }

            fn restore(shown: &mut Shown<'_, Self>) -> Restored<Self> {
                Ok(Self {
                    reading: shown.mutable(0, |input| input.f64(), |x| !x.is_nan())?,
                    frost: shown.mutable(0, |input| input.f32(), |x| *x <= 0.0)?,
                    heat: shown.mutable(
                        0,
                        |input| input.f64(),
                        |x| 0.0 <= *x && *x < f64::INFINITY,
                    )?,
                    // The end that is missing does not reach the infinity there.
                    debt: shown.mutable(0, |input| input.f64(), |x| f64::MIN <= *x && *x <= 0.0)?,
                    on: shown.mutable(0, |input| input.array(|input| input.flag()), |_| true)?,
                    wide: shown.mutable(0, |input| input.i128(), |_| true)?,
                    sign: shown.mutable(0, |input| input.char(), |sign| *sign >= '0')?,
                    wait: shown.mutable(
                        0,
                        |input| input.option(|input| input.duration()),
                        |wait| wait.is_none_or(|wait| wait.as_nanos() >= 1_000_000),
                    )?,
                    steps: shown.mutable(
                        0,
                        |input| input.sequence(3, |input| input.u16()),
                        |steps| steps.iter().all(|step| (10..=19).contains(step)),
                    )?,
                })
            }
        }
    };
}

bare!(now, "Barefoot", 1);
bare!(next, "Barefoot", 2);
bare!(other, "Zovuazeh", 1);
known!(now, next, other);
known!(next, now, other);
known!(other, next, now);
