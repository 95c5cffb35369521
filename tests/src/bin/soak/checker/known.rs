//! What commands lead to, worked out a second time: with plain values, without the library's setters.

use std::collections::BTreeMap;

use statecookie::{Jar, ViewError};

use crate::state::Visit;
use crate::wire::{Command, Secrets};

/// What a client sees of its state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Visible {
    pub(crate) customer: u64,
    pub(crate) cart: BTreeMap<u8, u16>,
    pub(crate) step: u64,
    pub(crate) own: Own,
}

/// The mutable values, tier by tier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Own {
    pub(crate) language: u8,
    pub(crate) quality: u16,
    pub(crate) lowest: ([i32; 2], String),
}

/// A whole state: what the client sees, and what only the servers do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) visible: Visible,
    pub(crate) secrets: Secrets,
}

impl Visible {
    /// What a jar shows; a line that stands twice in the cart would show as a wrong count.
    pub(crate) fn of(jar: &mut Jar) -> Result<Self, ViewError> {
        let view = jar.view::<Visit>()?;
        let mut cart = BTreeMap::new();
        for line in view.cart() {
            *cart.entry(line.article).or_default() += line.count;
        }
        Ok(Self {
            customer: *view.customer(),
            cart,
            step: *view.step(),
            own: Own {
                language: *view.language(),
                quality: *view.quality(),
                lowest: (*view.position(), view.note().clone()),
            },
        })
    }

    /// What an update shows by itself: the full update of a server, in a jar that holds nothing else.
    pub(crate) fn of_update(update: &[u8]) -> Result<Self, String> {
        let mut jar = Jar::new();
        let _ = jar.merge(update).map_err(|error| error.to_string())?;
        Self::of(&mut jar).map_err(|error| error.to_string())
    }
}

impl Known {
    /// Before the first command.
    pub(crate) fn begin(customer: u64, credit: u32) -> Self {
        let own = Own {
            language: 0,
            quality: 500,
            lowest: ([0, 0], String::new()),
        };
        let secrets = Secrets {
            credit,
            points: 0,
            luck: customer,
        };
        let visible = Visible {
            customer,
            cart: BTreeMap::new(),
            step: 0,
            own,
        };
        Self { visible, secrets }
    }

    /// After one more command.
    pub(crate) fn apply(&mut self, command: &Command) {
        let Self { visible, secrets } = self;
        visible.step += 1;
        secrets.luck = secrets.luck.rotate_left(7) ^ visible.step;
        match command {
            Command::Move(position) => visible.own.lowest.0 = *position,
            Command::Note(note) => visible.own.lowest.1.clone_from(note),
            Command::Quality(quality) => visible.own.quality = *quality,
            Command::Put(article) => {
                *visible.cart.entry(*article).or_default() += 1;
                secrets.points += u32::from(*article) + 1;
            }
            Command::Credit(more) => secrets.credit += more,
            Command::Language(language) => visible.own.language = *language,
        }
    }
}
