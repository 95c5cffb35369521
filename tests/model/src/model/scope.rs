//! The bounds within which the model is looked at completely.

use super::rules::Rules;
use super::state::MAX_SERVERS;

/// A world's bounds: how many servers, and how often what may happen.
#[derive(Clone, Debug)]
pub(crate) struct Scope {
    pub(crate) name: &'static str,
    pub(crate) rules: Rules,
    pub(crate) servers: usize,
    /// The clocks' differences at the start; one initial state for each.
    pub(crate) skews: &'static [[i8; MAX_SERVERS]],
    /// How many units of time pass.
    pub(crate) ticks: u8,
    /// How many updates are issued in all.
    pub(crate) updates: usize,
    /// How often the client is taken over by a server.
    pub(crate) resumes: usize,
    /// Whether a server may flush without renewal.
    pub(crate) quiet: bool,
    /// Whether a server may resume for one request.
    pub(crate) requests: bool,
    /// How often the client changes a value.
    pub(crate) changes: u8,
    /// How often an older chain, or one without its lowest cookie, is presented.
    pub(crate) rollbacks: u8,
    pub(crate) logins: u8,
    /// How often the client goes over to another session.
    pub(crate) switches: u8,
    /// How often a server's clock is put forwards or back by one unit.
    pub(crate) clock_steps: u8,
    pub(crate) revocations: u8,
    /// How far clocks may ever be apart.
    pub(crate) apart: u8,
}

impl Scope {
    /// When a world begins: so late that no clock shows less than 0.
    pub(crate) const START: u8 = 2;

    pub(crate) fn end(&self) -> u8 {
        Self::START + self.ticks
    }

    /// Whether `apart` covers the skews at the start and every step of a clock.
    pub(crate) fn is_consistent(&self) -> bool {
        self.skews
            .iter()
            .map(|skew| &skew[..self.servers])
            .all(|skew| {
                let ends = skew.iter().max().zip(skew.iter().min());
                ends.is_some_and(|(most, least)| {
                    most.abs_diff(*least) + self.clock_steps <= self.apart
                })
            })
    }
}
