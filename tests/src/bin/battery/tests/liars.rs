//! A battery that cannot fail proves nothing: each of these servers does one thing wrong, and is found out.

use statecookie::{Reason, Scratch};

use crate::battle::attack_all;
use crate::history::server::{Door, Found};
use crate::oracle::judge::Circumstances;
use crate::schemas::{Pair, Twins};
use crate::stage::Stage;

const SEED: u64 = 4711;

/// What an honest server would say.
type Honest<'d> = &'d mut dyn FnMut(&[u8], &Circumstances) -> Result<Found, Reason>;
/// What this one says.
type Lie = fn(Honest<'_>, &[u8], &Circumstances) -> Result<Found, Reason>;

struct Liar {
    honest: Box<dyn Door>,
    lie: Lie,
}

impl Door for Liar {
    fn show(
        &self,
        blob: &[u8],
        shown: &Circumstances,
        for_request: bool,
        scratch: &mut Scratch,
    ) -> Result<Found, Reason> {
        let mut honest = |blob: &[u8], shown: &Circumstances| {
            self.honest.show(blob, shown, for_request, scratch)
        };
        (self.lie)(&mut honest, blob, shown)
    }
}

fn complaints(lie: Lie) -> Vec<String> {
    let mut stage = Stage::<Pair>::set::<Twins>(SEED).unwrap();
    let servers = stage.servers.drain(..).map(|mut server| {
        server.door = Box::new(Liar {
            honest: server.door,
            lie,
        });
        server
    });
    stage.servers = servers.collect();
    attack_all(&stage, SEED).complaints
}

fn is_found_out(lie: Lie) {
    assert!(!complaints(lie).is_empty());
}

#[test]
fn an_honest_server_is_not_blamed() {
    assert_eq!(
        complaints(|honest, blob, shown| honest(blob, shown)),
        [""; 0]
    );
}

#[test]
fn takes_a_byte_behind_the_end() {
    is_found_out(|honest, blob, shown| {
        honest(blob, shown).or_else(|reason| match blob.split_last() {
            Some((_, shorter)) => honest(shorter, shown).map_err(|_| reason),
            None => Err(reason),
        })
    });
}

#[test]
fn has_a_clock_one_millisecond_late() {
    is_found_out(|honest, blob, shown| {
        let late = Circumstances {
            now: shown.now.saturating_sub(1),
            ..*shown
        };
        honest(blob, &late)
    });
}

#[test]
fn does_not_ask_who_it_is() {
    is_found_out(|honest, blob, shown| {
        let asked = honest(blob, shown);
        asked.or_else(|_| {
            honest(
                blob,
                &Circumstances {
                    identity: None,
                    ..*shown
                },
            )
        })
    });
}

#[test]
fn restores_one_bit_wrong() {
    is_found_out(|honest, blob, shown| {
        let mut found = honest(blob, shown)?;
        if let Some(last) = found.image.last_mut() {
            *last ^= 1;
        }
        Ok(found)
    });
}

#[test]
fn refuses_for_another_reason() {
    is_found_out(|honest, blob, shown| {
        honest(blob, shown).map_err(|reason| match reason {
            Reason::MalformedValue => Reason::OutOfRange,
            other => other,
        })
    });
}

#[test]
fn refuses_one_honest_bundle_in_a_hundred() {
    is_found_out(|honest, blob, shown| {
        if blob.iter().map(|byte| u32::from(*byte)).sum::<u32>() % 100 == 0 {
            return Err(Reason::BadTag);
        }
        honest(blob, shown)
    });
}

#[test]
fn panics_at_a_length() {
    let found = complaints(|honest, blob, shown| {
        assert!(blob.len() != 77, "not that length");
        honest(blob, shown)
    });
    assert!(
        found
            .iter()
            .any(|what| what.contains("the server panicked")),
        "{found:?}"
    );
}
