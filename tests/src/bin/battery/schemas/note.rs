//! One tier; an enum with every kind of variant, private. One server was built with another type under an alias.

use serde::{Deserialize, Serialize};
use statecookie::{Class, OutOfRange, Session, StateCookie};

use super::{Build, Facts, Known};
use crate::dice::Dice;
use crate::oracle::shown::{Restored, Shown};
use crate::wire::put::{self, Out};

/// What an enum of every kind of variant looks like in a signed field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Rights {
    Guest,
    Editor(u16),
    Owner { since: u64, shared: bool },
}

impl Rights {
    pub(super) fn draw(dice: &mut Dice) -> Self {
        match dice.below(3) {
            0 => Self::Guest,
            1 => Self::Editor(dice.any_size() as u16),
            _ => Self::Owner {
                since: dice.any_size(),
                shared: dice.coin(),
            },
        }
    }

    pub(super) fn put(&self, out: &mut Out) {
        match *self {
            Self::Guest => put::u(out, 0),
            Self::Editor(rank) => {
                put::u(out, 1);
                put::u(out, u64::from(rank));
            }
            Self::Owner { since, shared } => {
                put::u(out, 2);
                put::u(out, since);
                put::flag(out, shared);
            }
        }
    }
}

macro_rules! note {
    ($module:ident, $name:literal, $version:literal, $author:ty) => {
        pub(crate) mod $module {
            use super::*;

            type Author = $author;

            #[derive(StateCookie, Clone, Debug)]
            #[statecookie(name = $name, version = $version, tier(0, valid_for = "1h"))]
            pub(crate) struct Note {
                #[tier(0)]
                #[immutable]
                pub(super) author: Author,
                #[tier(0)]
                #[private]
                pub(super) rights: Option<Rights>,
                #[tier(0)]
                #[mutable(max_len = 12)]
                pub(super) text: String,
                #[tier(0)]
                #[mutable(range = 0..=4)]
                pub(super) quality: u8,
            }
        }
    };
}

macro_rules! known {
    ($module:ident, $next:ident, $other:ident) => {
        impl Build for $module::Note {
            const FACTS: Facts = FACTS;

            fn put(&self, _: usize, class: Class, out: &mut Out) {
                match class {
                    Class::Immutable => put::text(out, &self.author),
                    Class::Private => put::option(out, &self.rights, |out, rights| rights.put(out)),
                    Class::Derived => {}
                    Class::Mutable => {
                        put::text(out, &self.text);
                        out.push(self.quality);
                    }
                }
            }
        }

        impl Known for $module::Note {
            type Next = $next::Note;
            type Other = $other::Note;
            type Rebuilt = rebuilt::Note;

            fn draw(dice: &mut Dice) -> Self {
                let mut note = Self {
                    author: String::new(),
                    rights: None,
                    text: String::new(),
                    quality: 0,
                };
                note.renew(0, dice);
                note.vary(0, dice);
                note
            }

            fn renew(&mut self, _: usize, dice: &mut Dice) {
                // Two bytes at least: as a `bool`, no such text can be read.
                self.author = format!("A.{}", dice.text(20));
                self.rights = dice.coin().then(|| Rights::draw(dice));
            }

            fn vary(&mut self, _: usize, dice: &mut Dice) {
                self.text = dice.text(12);
                self.quality = dice.below(5) as u8;
            }

            fn set(&self, _: usize, session: &mut Session<Self>) -> Result<(), OutOfRange> {
                let mut edit = session.edit();
                edit.set_author(self.author.clone());
                *edit.rights_mut() = self.rights.clone();
                edit.set_text(self.text.clone())?;
                edit.set_quality(self.quality)
            }

            fn restore(shown: &mut Shown<'_, Self>) -> Restored<Self> {
                let issued = shown.issued(0)?;
                Ok(Self {
                    author: issued.author.clone(),
                    rights: issued.rights.clone(),
                    text: shown.mutable(0, |input| input.text(12), |_| true)?,
                    quality: shown.mutable(0, |input| input.u8(), |quality| *quality <= 4)?,
                })
            }
        }
    };
}

const FACTS: Facts = Facts {
    valid_for: &[3_600_000],
    immutable: &[0],
    private: &[0],
    ..Facts::USUAL
};

impl Build for rebuilt::Note {
    const FACTS: Facts = Facts {
        reads_other_types: true,
        ..FACTS
    };

    /// Nothing is ever restored of it.
    fn put(&self, _: usize, _: Class, _: &mut Out) {}
}

note!(now, "Notebook", 1, String);
note!(next, "Notebook", 2, String);
note!(other, "Dujmaodq", 1, String);
note!(rebuilt, "Notebook", 1, bool);
known!(now, next, other);
known!(next, now, other);
known!(other, next, now);
