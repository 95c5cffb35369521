//! Two tiers; a signed bound from above, a list of floats, a licence that nobody but the servers reads.

use statecookie::{Class, OutOfRange, Session, StateCookie};

use super::{Build, Facts, Known};
use crate::dice::Dice;
use crate::oracle::shown::{Restored, Shown};
use crate::wire::put::{self, Out};

const SPEEDS: [f32; 3] = [0.5, 1.0, 2.0];

macro_rules! video {
    ($module:ident, $name:literal, $version:literal) => {
        pub(crate) mod $module {
            use super::*;

            #[derive(StateCookie, Clone, Debug)]
            #[statecookie(name = $name, version = $version)]
            #[statecookie(tier(1, valid_for = "1h", renew_after = "10%"))]
            #[statecookie(tier(0, valid_for = "10s", renew_after = "2s"))]
            pub(crate) struct Video {
                #[tier(1)]
                #[immutable]
                pub(super) title: String,
                #[tier(1)]
                #[immutable]
                pub(super) duration_ms: u32,
                #[tier(1)]
                #[private]
                pub(super) licence: [u64; 4],
                #[tier(0)]
                #[mutable(range = 0..=self.duration_ms)]
                pub(super) position_ms: u32,
                #[tier(0)]
                #[mutable(one_of(0.5, 1.0, 2.0))]
                pub(super) speed: f32,
                #[tier(0)]
                #[mutable(range = 0.0..=1.0)]
                pub(super) volume: f64,
            }
        }
    };
}

macro_rules! known {
    ($module:ident, $next:ident, $other:ident) => {
        impl Build for $module::Video {
            const FACTS: Facts = Facts {
                valid_for: &[10_000, 3_600_000],
                immutable: &[1],
                private: &[1],
                ..Facts::USUAL
            };

            fn put(&self, tier: usize, class: Class, out: &mut Out) {
                match (tier, class) {
                    (1, Class::Immutable) => {
                        put::text(out, &self.title);
                        put::u(out, u64::from(self.duration_ms));
                    }
                    (1, Class::Private) => self.licence.iter().for_each(|part| put::u(out, *part)),
                    (0, Class::Mutable) => {
                        put::u(out, u64::from(self.position_ms));
                        put::f32(out, self.speed);
                        put::f64(out, self.volume);
                    }
                    _ => {}
                }
            }
        }

        impl Known for $module::Video {
            type Next = $next::Video;
            type Other = $other::Video;
            type Rebuilt = Self;

            fn draw(dice: &mut Dice) -> Self {
                let mut video = Self {
                    title: String::new(),
                    duration_ms: 0,
                    licence: [0; 4],
                    position_ms: 0,
                    speed: 1.0,
                    volume: 0.0,
                };
                video.renew(1, dice);
                video.vary(0, dice);
                video
            }

            fn renew(&mut self, tier: usize, dice: &mut Dice) {
                if tier == 1 {
                    self.title = dice.text(24);
                    self.duration_ms = dice.any_size() as u32;
                    self.licence = [(); 4].map(|()| dice.any_size());
                    self.position_ms = self.position_ms.min(self.duration_ms);
                }
            }

            fn vary(&mut self, tier: usize, dice: &mut Dice) {
                if tier == 0 {
                    let whole = f64::from(self.duration_ms);
                    self.position_ms = (whole * dice.fraction()) as u32;
                    self.speed = dice.pick(&SPEEDS);
                    self.volume = dice.fraction();
                }
            }

            fn set(&self, tier: usize, session: &mut Session<Self>) -> Result<(), OutOfRange> {
                let mut edit = session.edit();
                if tier == 1 {
                    edit.set_title(self.title.clone());
                    edit.set_duration_ms(self.duration_ms);
                    *edit.licence_mut() = self.licence;
                    return Ok(());
                }
                edit.set_position_ms(self.position_ms)?;
                edit.set_speed(self.speed)?;
                edit.set_volume(self.volume)
            }

            fn restore(shown: &mut Shown<'_, Self>) -> Restored<Self> {
                let root = shown.issued(1)?;
                Ok(Self {
                    title: root.title.clone(),
                    duration_ms: root.duration_ms,
                    licence: root.licence,
                    position_ms: shown.mutable(
                        0,
                        |input| input.u32(),
                        |position| *position <= root.duration_ms,
                    )?,
                    speed: shown.mutable(0, |input| input.f32(), |speed| SPEEDS.contains(speed))?,
                    volume: shown.mutable(
                        0,
                        |input| input.f64(),
                        |volume| 0.0 <= *volume && *volume <= 1.0,
                    )?,
                })
            }
        }
    };
}

video!(now, "Watching", 1);
video!(next, "Watching", 2);
video!(other, "Lebladcr", 1);
known!(now, next, other);
known!(next, now, other);
known!(other, next, now);
