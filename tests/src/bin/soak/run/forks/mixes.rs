//! Bundles made of cookies of both branches of a fork: each of them has to be refused.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use statecookie::inspect;

use crate::Outcome;
use crate::run::io::Io;
use crate::wire::{Answer, Request};

/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_millis(300);

/// Mixes that no server has refused yet, by the stay they ask for.
#[derive(Default)]
pub(super) struct Mixes(BTreeMap<u64, Mix>);

struct Mix {
    account: u32,
    bundle: Vec<u8>,
    again: Instant,
}

impl Mixes {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The upper cookies of each bundle over the lower ones of the other.
    pub(super) fn try_all(
        &mut self,
        io: &mut Io,
        account: u32,
        bundles: [Vec<u8>; 2],
    ) -> Outcome<()> {
        let [one, other] = [pieces(&bundles[0])?, pieces(&bundles[1])?];
        for cut in 1..one.len() {
            for (upper, lower) in [(&one, &other), (&other, &one)] {
                let cookies: Vec<&[u8]> = upper
                    .iter()
                    .take(cut)
                    .chain(lower.iter().skip(cut))
                    .copied()
                    .collect();
                let kind = bundles[0].first().copied().unwrap_or_default();
                let bundle = [&[kind], cookies.concat().as_slice()].concat();
                io.stays += 1;
                self.0.insert(
                    io.stays,
                    Mix {
                        account,
                        bundle,
                        again: Instant::now(),
                    },
                );
            }
        }
        Ok(())
    }

    /// A server answered.
    pub(super) fn hear(&mut self, io: &mut Io, stay: u64, answer: &Answer) -> Outcome<()> {
        if !self.0.contains_key(&stay) {
            return Ok(());
        }
        let Answer::Refused = answer else {
            return Err(
                format!("stay {stay}: a mix of two branches of a fork was accepted").into(),
            );
        };
        self.0.remove(&stay);
        io.tally.forks.mixes_refused += 1;
        Ok(())
    }

    /// Presents what is not answered for, to any server.
    pub(super) fn step(&mut self, io: &mut Io) {
        let now = Instant::now();
        for (stay, mix) in self.0.iter_mut().filter(|(_, mix)| mix.again <= now) {
            mix.again = now + PATIENCE;
            if let Some(place) = io.choose(None) {
                io.send(
                    place,
                    *stay,
                    mix.account,
                    Request::Resume(mix.bundle.clone()),
                );
            }
        }
    }
}

/// The cookies of a bundle, each with its length before it.
fn pieces(bundle: &[u8]) -> Outcome<Vec<&[u8]>> {
    let mut rest = bundle.get(1..).ok_or("an empty bundle")?;
    let mut pieces = Vec::new();
    for cookie in inspect(bundle)?.cookies {
        // The length is a varint of seven bits in each byte.
        let prefix = (cookie.len.ilog2() / 7 + 1) as usize;
        let (piece, after) = rest
            .split_at_checked(prefix + cookie.len)
            .ok_or("too short")?;
        pieces.push(piece);
        rest = after;
    }
    Ok(pieces)
}
