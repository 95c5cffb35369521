//! The advisor against the library itself: what it predicts is what a replayed trace sends, and no layout sends less than the advised one.
#![forbid(unsafe_code)]

mod brute;
mod derived;
mod dice;
mod layouts;
mod world;

use std::time::Duration;

use layouts::{Laid, Visit, each_at_random, each_by_hand};
use statecookie::advice::{Advisor, FieldSet, Layout, Recorder, Rung};
use statecookie::testing::{FixedEntropy, TestClock};
use statecookie::{Keys, Pool, Secret};
use world::{Habit, Trace, visit};

/// The policies of the layouts, from the root down.
fn ladder() -> [Rung; 4] {
    [10_800, 1200, 240, 60].map(|secs| Rung::new(Duration::from_secs(secs)))
}

/// The bytes that the library sends: a flush after each change, and whenever one is due.
fn sent<S: Laid>(trace: &Trace) -> usize {
    let keys = Keys::embedded(
        Secret::from_bytes(&std::array::from_fn::<u8, 32, _>(|at| at as u8 * 7 + 1)).unwrap(),
    );
    let (start, world) = &trace[0];
    let pool = Pool::<S>::builder("advice", keys)
        .clock(TestClock::at(*start))
        .entropy(FixedEntropy::new(1));
    let mut session = pool.build().unwrap().open_at(S::of(world), *start).unwrap();
    let mut bytes = session.flush_at(*start).unwrap().unwrap().len();
    for (now, world) in &trace[1..] {
        while let Some(due) = session.next_due().filter(|due| due < now) {
            bytes += session.flush_at(due).unwrap().unwrap().len();
        }
        session.replace(S::of(world)).unwrap();
        bytes += session
            .flush_at(*now)
            .unwrap()
            .map_or(0, |update| update.len());
    }
    bytes
}

fn recorded<S: Laid>(trace: &Trace) -> Recorder<S> {
    let mut recorder = Recorder::<S>::new().unwrap();
    for (now, world) in trace {
        let _: FieldSet = recorder.observe_at(&S::of(world), *now).unwrap();
    }
    recorder
}

/// Replays every layout, and holds it against what was predicted.
struct Replay<'a, R> {
    trace: &'a Trace,
    advisor: Advisor<'a, R>,
    least: (usize, &'static str),
    worst: f64,
    visited: usize,
}

impl<R: Laid> Visit for Replay<'_, R> {
    fn visit<S: Laid>(&mut self, name: &'static str) {
        let layout = Layout::of_tiers(&S::TIERS).unwrap();
        let predicted = self.advisor.predict(&layout).unwrap().bytes;
        let sent = sent::<S>(self.trace);
        let off = predicted / sent as f64 - 1.0;
        println!(
            "{name:14} {:?}: {sent} bytes, predicted {predicted:.0}: {:+.2} %",
            S::TIERS,
            100.0 * off
        );
        self.visited += 1;
        self.worst = self.worst.max(off.abs());
        if sent < self.least.0 {
            self.least = (sent, name);
        }
    }
}

/// The recorder runs in layout `S`; `advised` is what it advised when this test was written.
fn replayed<S: Laid>(trace: &Trace, advised: (&'static str, [u8; 9])) {
    let recorder = recorded::<S>(trace);
    let advisor = recorder.advisor().ladder(&ladder()).unwrap();
    let advice = advisor.advise().unwrap();
    println!("{} states\n{advice}", trace.len());
    assert_eq!(advice.layout, Layout::of_tiers(&advised.1).unwrap());
    assert_eq!(advisor.predict(&advice.layout).unwrap(), advice.advised);
    let mut replay = Replay {
        trace,
        advisor,
        least: (usize::MAX, ""),
        worst: 0.0,
        visited: 0,
    };
    each_by_hand(&mut replay);
    each_at_random(&mut replay);
    println!(
        "worst {:.2} %, least {:?}",
        100.0 * replay.worst,
        replay.least
    );
    assert_eq!(replay.visited, 57);
    assert_eq!(replay.least.1, advised.0, "another layout sends less");
    assert!(replay.worst < 0.02, "{}", replay.worst);
}

#[test]
fn of_a_visitor_who_walks_in_bursts_no_layout_sends_less_than_advised() {
    let habit = Habit {
        steps: 60,
        step: 400,
        pause: 40,
        minutes: 20,
    };
    let advised = ("advised_walking", [2, 2, 2, 1, 1, 2, 0, 0, 1]);
    replayed::<layouts::by_class::Shop>(&visit(1, habit), advised);
}

#[test]
fn of_a_visitor_who_mostly_stands_still_no_layout_sends_less_than_advised() {
    let habit = Habit {
        steps: 4,
        step: 3000,
        pause: 400,
        minutes: 150,
    };
    let advised = ("advised_standing", [1, 1, 1, 0, 0, 1, 0, 0, 1]);
    replayed::<layouts::design::Shop>(&visit(2, habit), advised);
}

#[test]
fn a_recording_too_long_for_whole_seconds_predicts_as_well() {
    let habit = Habit {
        steps: 150,
        step: 1500,
        pause: 90,
        minutes: 170,
    };
    let trace = visit(6, habit);
    let recorder = recorded::<layouts::paper::Shop>(&trace);
    let mut replay = Replay {
        trace: &trace,
        advisor: recorder.advisor().ladder(&ladder()).unwrap(),
        least: (usize::MAX, ""),
        worst: 0.0,
        visited: 0,
    };
    each_by_hand(&mut replay);
    println!(
        "{} states, worst {:.2} %",
        trace.len(),
        100.0 * replay.worst
    );
    assert!(
        trace.len() > 4096 && replay.worst < 0.02,
        "{}",
        replay.worst
    );
}

#[test]
fn private_values_and_what_they_were_are_in_nothing_that_is_said() {
    let habit = Habit {
        steps: 5,
        step: 400,
        pause: 40,
        minutes: 5,
    };
    let mut trace = visit(3, habit);
    for (_, world) in &mut trace {
        world.token = b"Zwyx-Qvorum".to_vec();
    }
    let recorder = recorded::<layouts::design::Shop>(&trace);
    let advice = recorder.advise().unwrap();
    let said = format!("{recorder:?} {advice} {advice:?} {:?}", recorder.recorded());
    for form in ["Zwyx", "Qvorum", "90, 119, 121", "5a7779"] {
        assert!(!said.contains(form), "{said}");
    }
}

#[test]
fn what_is_recorded_is_what_changed() {
    let habit = Habit {
        steps: 20,
        step: 400,
        pause: 40,
        minutes: 10,
    };
    let trace = visit(5, habit);
    let recorder = recorded::<layouts::paper::Shop>(&trace);
    let other = recorded::<layouts::each_its_own::Shop>(&trace);
    let differ = |of: fn(&world::World) -> String| {
        let pairs = trace.windows(2);
        pairs
            .filter(|pair| of(&pair[0].1) != of(&pair[1].1))
            .count() as u64
    };
    let fields: Vec<_> = recorder.recorded();
    let changes = |name| {
        fields
            .iter()
            .find(|field| field.name == name)
            .unwrap()
            .changes
    };
    assert_eq!(changes("cart"), differ(|world| format!("{:?}", world.cart)));
    assert_eq!(
        changes("token"),
        differ(|world| format!("{:?}", world.token))
    );
    assert_eq!(changes("yaw"), differ(|world| format!("{:?}", world.yaw)));
    let both = recorder.fields_named(&["position", "yaw"]).unwrap();
    let together = trace.windows(2).filter(|pair| {
        let (before, after) = (&pair[0].1, &pair[1].1);
        before.position != after.position && before.yaw != after.yaw
    });
    assert_eq!(recorder.changes_of(both), together.count() as u64);
    let longest = trace.iter().map(|(_, world)| 1 + world.token.len()).max();
    let token = fields.iter().find(|field| field.name == "token").unwrap();
    assert_eq!(Some(token.longest as usize), longest);
    assert_eq!(recorder.recorded(), other.recorded(), "in whatever layout");
}
