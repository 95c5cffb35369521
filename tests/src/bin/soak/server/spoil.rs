//! What a broken server does when it restores: the checker has to see each of it.

use std::collections::HashMap;
use std::str::FromStr;

use statecookie::Session;

use crate::state::Visit;

/// A way to be broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spoil {
    /// Restores what the client presented here the time before.
    Older,
    /// Drops the newest line of the cart: a value of the middle tier.
    Cart,
    /// A private value is off by one.
    Private,
    /// Ignores what the client changed itself.
    Own,
    /// Takes the last command back.
    Step,
}

/// Every way, by its name.
pub(crate) const SPOILS: [(&str, Spoil); 5] = [
    ("older", Spoil::Older),
    ("cart", Spoil::Cart),
    ("private", Spoil::Private),
    ("own", Spoil::Own),
    ("step", Spoil::Step),
];

impl FromStr for Spoil {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = SPOILS.iter().find(|(known, _)| *known == name);
        found
            .map(|(_, spoil)| *spoil)
            .ok_or(format!("no such way to break it: {name}"))
    }
}

impl Spoil {
    /// Changes what was restored.
    pub(super) fn change(self, session: &mut Session<Visit>) {
        match self {
            Self::Older => {}
            Self::Cart => drop(session.edit().cart_mut().pop()),
            Self::Private => {
                let points = session.points + 1;
                session.edit().set_points(points);
            }
            Self::Own => {
                let _ = session.edit().set_position([0, 0]);
            }
            Self::Step => {
                let step = session.step.saturating_sub(1);
                session.edit().set_step(step);
            }
        }
    }
}

/// What each client presented last, for the server that restores the older one.
#[derive(Default)]
pub(super) struct Earlier(HashMap<u32, Vec<u8>>);

impl Earlier {
    /// What was presented the time before, if there was one.
    pub(super) fn replace(&mut self, client: u32, bundle: Vec<u8>) -> Option<Vec<u8>> {
        self.0.insert(client, bundle)
    }
}
