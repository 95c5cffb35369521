//! Derived fields: one in a tier that is wholly derived, with a signed bound, and one in a tier that has a cookie and may be left
//! away. And an approximated one, which goes along with what else changes in its tier.

use statecookie::{Class, OutOfRange, Session, StateCookie};

use super::{Build, Facts, Known};
use crate::dice::Dice;
use crate::oracle::shown::{Restored, Shown};
use crate::wire::put::{self, Out};

const SUBTITLES: [&str; 4] = ["", "en", "fr", "pt-br"];

macro_rules! film {
    ($module:ident, $name:literal, $version:literal) => {
        pub(crate) mod $module {
            use super::*;

            #[derive(StateCookie, Clone, Debug)]
            #[statecookie(name = $name, version = $version, session_max = "6h")]
            #[statecookie(tier(2, valid_for = "2h"), tier(1, valid_for = "10m", or_default))]
            pub(crate) struct Film {
                #[tier(0)]
                #[mutable(range = 0..=self.length, derived)]
                pub(super) position: u32,
                #[tier(2)]
                #[immutable]
                pub(super) length: u32,
                #[tier(2)]
                #[private]
                pub(super) licence: u64,
                #[tier(1)]
                #[mutable(range = ..=8)]
                pub(super) quality: u8,
                #[tier(1)]
                #[mutable(range = ..=100)]
                #[approx(tolerance = 3)]
                pub(super) gain: u8,
                #[tier(1)]
                #[mutable(max_len = 5, derived)]
                pub(super) subtitle: String,
                #[tier(2)]
                #[mutable(any, derived)]
                pub(super) paused: bool,
            }
        }
    };
}

macro_rules! known {
    ($module:ident, $next:ident, $other:ident) => {
        impl Build for $module::Film {
            const FACTS: Facts = Facts {
                valid_for: &[600_000, 7_200_000],
                session_max: 6 * 3600,
                or_default: 1,
                immutable: &[1],
                private: &[1],
                derives: true,
                ..Facts::USUAL
            };

            fn put(&self, tier: usize, class: Class, out: &mut Out) {
                match (tier, class) {
                    (1, Class::Immutable) => put::u(out, u64::from(self.length)),
                    (1, Class::Private) => put::u(out, self.licence),
                    (0, Class::Mutable) => out.extend([self.quality, self.gain]),
                    (1, Class::Derived) => put::flag(out, self.paused),
                    (0, Class::Derived) => {
                        put::u(out, u64::from(self.position));
                        put::text(out, &self.subtitle);
                    }
                    _ => {}
                }
            }
        }

        impl Known for $module::Film {
            type Next = $next::Film;
            type Other = $other::Film;
            type Rebuilt = Self;

            fn draw(dice: &mut Dice) -> Self {
                let mut film = Self {
                    position: 0,
                    length: 0,
                    licence: 0,
                    quality: 0,
                    gain: 0,
                    subtitle: String::new(),
                    paused: false,
                };
                film.renew(1, dice);
                film.vary(1, dice);
                film.vary(0, dice);
                film
            }

            fn renew(&mut self, tier: usize, dice: &mut Dice) {
                if tier == 1 {
                    self.length = dice.any_size() as u32;
                    self.licence = dice.any_size();
                    self.position = self.position.min(self.length);
                }
            }

            fn vary(&mut self, tier: usize, dice: &mut Dice) {
                if tier == 1 {
                    self.paused = dice.coin();
                    return;
                }
                self.quality = dice.below(9) as u8;
                self.gain = dice.below(101) as u8;
                self.subtitle = dice.pick(&SUBTITLES).into();
                self.position = match dice.below(4) {
                    0 => 0,
                    1 => self.length,
                    _ => dice.within(0, i64::from(self.length)) as u32,
                };
            }

            fn set(&self, tier: usize, session: &mut Session<Self>) -> Result<(), OutOfRange> {
                let mut edit = session.edit();
                if tier == 1 {
                    edit.set_length(self.length);
                    edit.set_licence(self.licence);
                    edit.set_position(self.position)?;
                    return edit.set_paused(self.paused);
                }
                edit.set_quality(self.quality)?;
                edit.set_gain(self.gain)?;
                edit.set_subtitle(self.subtitle.clone())?;
                edit.set_position(self.position)
            }

            fn restore(shown: &mut Shown<'_, Self>) -> Restored<Self> {
                let root = shown.issued(1)?;
                let quality = shown.or_default(0, |input| input.u8(), |quality| *quality <= 8)?;
                let gain = shown.or_default(0, |input| input.u8(), |gain| *gain <= 100)?;
                Ok(Self {
                    length: root.length,
                    licence: root.licence,
                    quality,
                    gain,
                    paused: shown.derived(|input| input.flag(), |_| true)?,
                    position: shown.derived(|input| input.u32(), |at| *at <= root.length)?,
                    subtitle: shown.derived(|input| input.text(5), |_| true)?,
                })
            }
        }
    };
}

film!(now, "Pictures", 1);
film!(next, "Pictures", 2);
film!(other, "smfbaaon", 1);
known!(now, next, other);
known!(next, now, other);
known!(other, next, now);
