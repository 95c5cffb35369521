//! Where oracle and server meet: every input is judged, presented, compared and counted.

use std::panic::{AssertUnwindSafe, catch_unwind};

use statecookie::{Reason, Scratch};

use crate::history::server::{Found, Server};
use crate::oracle::judge::{Circumstances, Expected};
use crate::oracle::ledger::Ledger;
use crate::schemas::{Known, image};
use crate::tally::{Class, Tally};

/// One history's ledger and servers under attack.
pub(crate) struct Arena<'a, S: Known> {
    /// What was issued.
    pub(crate) ledger: &'a Ledger<S>,
    /// The servers of the pool, first those that issued.
    pub(crate) servers: &'a [Server],
    /// What was counted.
    pub(crate) tally: Tally,
    /// The first disagreements.
    pub(crate) complaints: Vec<String>,
    scratch: Scratch,
    turn: u64,
}

/// After so many disagreements of one history the rest of it says nothing new.
const MOST_COMPLAINTS: usize = 3;

impl<'a, S: Known> Arena<'a, S> {
    /// An arena in which nothing was tried yet.
    pub(crate) fn new(ledger: &'a Ledger<S>, servers: &'a [Server]) -> Self {
        Self {
            ledger,
            servers,
            tally: Tally::new(),
            complaints: Vec::new(),
            scratch: Scratch::new(),
            turn: 0,
        }
    }

    /// Presents one input.
    pub(crate) fn present(&mut self, class: Class, shown: &Circumstances, blob: &[u8]) {
        if self.complaints.len() >= MOST_COMPLAINTS {
            return;
        }
        self.turn += 1;
        let server = &self.servers[shown.server];
        let expected = self.ledger.judge(&server.facts, shown, blob);
        let for_request = self.turn.is_multiple_of(8);
        let scratch = &mut self.scratch;
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            server.door.show(blob, shown, for_request, scratch)
        }));
        let wrong = match (&expected, &outcome) {
            (Err(expected), Ok(Err(found))) if expected == found => None,
            (Ok(expected), Ok(Ok(found))) if agrees(expected, found) => None,
            _ => Some(said(&outcome)),
        };
        match wrong {
            None => self.tally.count(class, expected.map(|_| ()), shown, blob),
            Some(found) => {
                let expected =
                    expected.map(|expected| format!("{:?}", (expected.state, expected.defaulted)));
                self.complaints.push(format!(
                    "{} (input {} of its history): the oracle says {}, the server {found}\n  {shown:?}\n  {:?}\n  {}",
                    class.name(),
                    self.turn,
                    verdict(&expected),
                    server.facts,
                    hex(blob)
                ));
            }
        }
    }
}

fn agrees<S: Known>(expected: &Expected<S>, found: &Found) -> bool {
    expected.defaulted == found.defaulted
        && (expected.age, expected.skew) == (found.age, found.skew)
        && expected.key == found.key
        && image(&expected.state) == found.image
}

fn verdict(outcome: &Result<String, Reason>) -> String {
    match outcome {
        Ok(state) => format!("accepted as {state}"),
        Err(reason) => format!("{reason}"),
    }
}

fn said(outcome: &std::thread::Result<Result<Found, Reason>>) -> String {
    match outcome {
        Ok(found) => verdict(&found.clone().map(|found| format!("{found:?}"))),
        Err(_) => "panicked".into(),
    }
}

/// Bytes as they are printed.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
