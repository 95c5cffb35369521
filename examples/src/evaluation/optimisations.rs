//! The paper's three optimisations beside each other, for the shop and for the video.

use statecookie::{Jar, Session};

use super::bandwidth::{Derived, One, SEED, Second, Sending, Three, Trace, Traffic, replay};
use super::{moment, pool};
use crate::Outcome;
use crate::video::film::{FRAME_MS, LADDER, LICENCE_KBPS, TITLE};
use crate::video::playback::{Playback, Values};
use crate::video::state::Derived as DerivedFilm;
use crate::video::variants::{Approximated, Partial, Whole};

/// So often the viewer takes another bit rate, in frames: every four seconds.
const TURN: u32 = 100;

/// What one way of sharing costs, and what a client can be behind.
#[derive(Clone, Copy, Debug)]
pub struct Optimisation {
    /// Its name in the paper, and what it is here.
    pub name: &'static str,
    /// A visit in the shop; behind in metres.
    pub shop: Traffic,
    /// A film; behind in seconds of it.
    pub video: Traffic,
}

/// A visit and a film of so many seconds, shared in four ways: each but the first goes on from state splitting.
///
/// # Errors
///
/// The library refused something, or what was restored is not what the client knew.
pub fn optimisations(seconds: u32) -> Outcome<Vec<Optimisation>> {
    let trace = Trace::new(seconds, 10, SEED)?;
    Ok(vec![
        Optimisation {
            name: "none: the whole state on each change",
            shop: replay::<One>(&trace, Sending::Whole)?,
            video: film::<Whole>(seconds)?,
        },
        Optimisation {
            name: "state splitting: what changed, in tiers",
            shop: replay::<Three>(&trace, Sending::Changed)?,
            video: film::<Partial>(seconds)?,
        },
        Optimisation {
            name: "and approximation: the lowest tier once a second",
            shop: replay::<Second>(&trace, Sending::Changed)?,
            video: film::<Approximated>(seconds)?,
        },
        Optimisation {
            name: "and derivation: the lowest tier not at all",
            shop: replay::<Derived>(&trace, Sending::Changed)?,
            video: film::<DerivedFilm>(seconds)?,
        },
    ])
}

/// A film of so many seconds, its position after each frame, and another bit rate now and then.
fn film<P: Playback>(seconds: u32) -> Outcome<Traffic> {
    let (server, other) = (pool::<P>("film.example")?, pool::<P>("film.example")?);
    let frames = seconds * 1_000 / FRAME_MS;
    let mut showing = Showing {
        session: server.open_at(P::of(beginning(frames)), moment(0.0))?,
        jar: Jar::new(),
        traffic: Traffic {
            seconds,
            ..Traffic::default()
        },
    };
    showing.send(0)?;
    for frame in 1..=frames {
        P::move_to(&mut showing.session, frame * FRAME_MS)?;
        if frame.is_multiple_of(TURN) {
            let rate = LADDER[(frame / TURN) as usize % LADDER.len()];
            P::turn_to(&mut showing.session, rate)?;
        }
        showing.send(frame)?;
        showing.fail_over(&other, frame)?;
    }
    Ok(showing.traffic)
}

fn beginning(frames: u32) -> Values {
    Values {
        title: TITLE.into(),
        duration_ms: frames * FRAME_MS,
        licence_kbps: LICENCE_KBPS,
        contract: 815,
        ssrc: 0x5c00_4711,
        base: u32::MAX / 2,
        bit_rate_kbps: LADDER[0],
        position_ms: 0,
    }
}

struct Showing<P: Playback> {
    session: Session<P>,
    jar: Jar,
    traffic: Traffic,
}

impl<P: Playback> Showing<P> {
    fn send(&mut self, frame: u32) -> Outcome<()> {
        let update = self.session.flush_at(when(frame))?;
        if let Some(update) = update {
            self.traffic.updates += 1;
            self.traffic.bytes += update.len() as u64;
            let _ = self.jar.merge(&update)?;
        }
        Ok(())
    }

    /// Where another server would go on, if this one died now.
    fn fail_over(&mut self, other: &statecookie::Pool<P>, frame: u32) -> Outcome<()> {
        let shown_ms = frame * FRAME_MS;
        let bundle = P::bundle(&mut self.jar, shown_ms)?;
        let resumed = other.resume_at(&bundle, when(frame))?;
        let restored = resumed.session.values();
        let now = self.session.values();
        let known = Values {
            position_ms: restored.position_ms,
            bit_rate_kbps: restored.bit_rate_kbps,
            ..now.clone()
        };
        if restored != known || restored.bit_rate_kbps != now.bit_rate_kbps {
            return Err("what was restored is not what the client was told".into());
        }
        let behind = shown_ms - restored.position_ms;
        self.traffic.behind = self.traffic.behind.max(behind as f32 / 1_000.0);
        Ok(())
    }
}

fn when(frame: u32) -> statecookie::Timestamp {
    moment(f64::from(frame * FRAME_MS) * 1_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_costs_less_than_the_one_before_and_only_approximation_is_behind() {
        let all = optimisations(20).unwrap();
        let bytes = |traffic: fn(&Optimisation) -> Traffic| {
            let bytes: Vec<u64> = all.iter().map(|one| traffic(one).bytes).collect();
            assert!(bytes.windows(2).all(|pair| pair[1] < pair[0]), "{bytes:?}");
        };
        bytes(|one| one.shop);
        bytes(|one| one.video);
        let behind = |at: usize| (all[at].shop.behind, all[at].video.behind);
        assert_eq!([0, 1, 3].map(behind), [(0.0, 0.0); 3]);
        let (metres, seconds) = behind(2);
        assert!((1.0..=1.401).contains(&metres), "{metres}");
        assert!((0.9..1.0).contains(&seconds), "{seconds}");
    }
}
