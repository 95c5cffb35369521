//! A trace played to a session, and what it sends.

use statecookie::{Jar, Session, Timestamp};

use super::trace::Trace;
use super::world::World;
use crate::Outcome;
use crate::evaluation::{moment, pool};

/// What is sent when something happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sending {
    /// All tiers, each time.
    Whole,
    /// The tiers that changed and those below, when they are due.
    Changed,
}

/// What a replay sent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Traffic {
    /// The length of the trace.
    pub seconds: u32,
    /// How many updates were sent.
    pub updates: u64,
    /// Their bytes.
    pub bytes: u64,
    /// How far the client's position was behind the server's at worst, in metres along an axis.
    pub behind: f32,
}

impl Traffic {
    /// Bytes for each second of the trace.
    pub fn bytes_per_second(&self) -> f64 {
        self.bytes as f64 / f64::from(self.seconds)
    }

    /// Updates for each second of the trace.
    pub fn updates_per_second(&self) -> f64 {
        self.updates as f64 / f64::from(self.seconds)
    }
}

/// Plays a trace; at its end another server must restore what the client holds.
///
/// # Errors
///
/// The library refused something, or what was restored is not what the client was told last.
pub fn replay<S: World>(trace: &Trace, sending: Sending) -> Outcome<Traffic> {
    let (server, other) = (pool::<S>("world.example")?, pool::<S>("world.example")?);
    let mut replay = Replay {
        session: server.open_at(S::at_the_entrance(), moment(0.0))?,
        jar: Jar::new(),
        told: S::at_the_entrance(),
        traffic: Traffic {
            seconds: trace.seconds,
            ..Traffic::default()
        },
        sending,
        now: moment(0.0),
    };
    replay.send(moment(0.0))?;
    for (at, event) in &trace.events {
        let now = moment(*at as f64 * 1000.0);
        replay.wait_until(now)?;
        S::apply(&mut replay.session, event)?;
        replay.told.know(&replay.session);
        replay.send(now)?;
        replay.look();
    }
    let end = moment(f64::from(trace.seconds) * 1e6);
    replay.wait_until(end)?;
    let presented = replay.told.present(&mut replay.jar)?;
    let resumed = other.resume_at(&presented, end)?;
    if *resumed.session != replay.told {
        return Err("what was restored is not what the client was told".into());
    }
    Ok(replay.traffic)
}

struct Replay<S: World> {
    session: Session<S>,
    jar: Jar,
    /// The state as the client was told last.
    told: S,
    traffic: Traffic,
    sending: Sending,
    now: Timestamp,
}

impl<S: World> Replay<S> {
    /// Sends what falls due before something else happens.
    fn wait_until(&mut self, then: Timestamp) -> Outcome<()> {
        while let Some(due) = self.session.next_due_at(self.now).filter(|due| *due < then) {
            if !self.send(due)? {
                return Err("due, and nothing to send".into());
            }
        }
        self.now = then;
        Ok(())
    }

    /// Sends what there is to send; whether there was something.
    fn send(&mut self, now: Timestamp) -> Outcome<bool> {
        self.now = now;
        let update = match self.sending {
            Sending::Whole => Some(self.session.flush_full_at(now)?),
            Sending::Changed => self.session.flush_at(now)?,
        };
        let Some(update) = update else {
            return Ok(false);
        };
        self.traffic.updates += 1;
        self.traffic.bytes += update.len() as u64;
        let _ = self.jar.merge(&update)?;
        self.told.clone_from(&self.session);
        Ok(true)
    }

    fn look(&mut self) {
        let (told, true_one) = (self.told.position(), self.session.position());
        let off = told
            .iter()
            .zip(true_one)
            .map(|(told, now)| (told - now).abs());
        self.traffic.behind = off.fold(self.traffic.behind, f32::max);
    }
}

#[cfg(test)]
mod tests {
    use super::super::trace::Event;
    use super::super::world::{Derived, Five, One, Second, Tenth, Two, Within2, Within05};
    use super::*;

    fn trace() -> Trace {
        Trace::new(60, 10, 1).unwrap()
    }

    #[test]
    fn every_change_is_told_at_once() {
        let trace = trace();
        for sending in [Sending::Whole, Sending::Changed] {
            let traffic = replay::<Five>(&trace, sending).unwrap();
            assert_eq!(traffic.updates, 1 + trace.events.len() as u64);
            assert_eq!(traffic.behind, 0.0);
        }
    }

    #[test]
    fn one_tier_is_the_whole_state_either_way() {
        let of = |sending| replay::<One>(&trace(), sending).unwrap();
        assert_eq!(of(Sending::Whole), of(Sending::Changed));
    }

    #[test]
    fn a_split_state_costs_less() {
        let changed = replay::<Two>(&trace(), Sending::Changed).unwrap();
        let whole = replay::<One>(&trace(), Sending::Whole).unwrap();
        assert!(changed.bytes * 2 < whole.bytes);
    }

    #[test]
    fn derived_steps_cost_nothing_and_are_never_behind() {
        let trace = trace();
        let rare = |event: &&(u64, Event)| !matches!(event.1, Event::Move { .. });
        let others = trace.events.iter().filter(rare).count() as u64;
        let traffic = replay::<Derived>(&trace, Sending::Changed).unwrap();
        assert_eq!(traffic.updates, 1 + others);
        assert_eq!(traffic.behind, 0.0);
    }

    #[test]
    fn a_quiet_visit_is_renewed() {
        let quiet = Trace {
            events: Vec::new(),
            seconds: 100,
        };
        // Opened, then each half of 30 s.
        let traffic = replay::<Two>(&quiet, Sending::Changed).unwrap();
        assert_eq!(traffic.updates, 1 + 6);
    }

    #[test]
    fn what_is_held_back_comes_at_its_time() {
        let trace = Trace::new(60, 50, 1).unwrap();
        let rare = |event: &&(u64, Event)| !matches!(event.1, Event::Move { .. });
        let others = trace.events.iter().filter(rare).count() as u64;
        let tenth = replay::<Tenth>(&trace, Sending::Changed).unwrap();
        assert!((590..=601 + others).contains(&tenth.updates), "{tenth:?}");
        let second = replay::<Second>(&trace, Sending::Changed).unwrap();
        assert!((55..=61 + others).contains(&second.updates), "{second:?}");
        // A walk of 1.4 m/s.
        assert!(tenth.behind <= 0.141 && second.behind <= 1.401);
        assert!(tenth.behind > 0.1 && second.behind > 1.0);
    }

    #[test]
    fn the_client_is_never_further_behind_than_the_tolerance() {
        let trace = Trace::new(60, 50, 1).unwrap();
        let exact = replay::<Two>(&trace, Sending::Changed).unwrap();
        let half = replay::<Within05>(&trace, Sending::Changed).unwrap();
        let two = replay::<Within2>(&trace, Sending::Changed).unwrap();
        assert!(half.behind > 0.4 && half.behind <= 0.5, "{half:?}");
        assert!(two.behind > 1.6 && two.behind <= 2.0, "{two:?}");
        assert!(two.updates < half.updates && half.updates < exact.updates);
    }
}
