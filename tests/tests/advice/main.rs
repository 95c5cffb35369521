//! The advisor against the library itself: what it predicts is what a replayed trace sends, and no layout sends less than the advised one.
#![forbid(unsafe_code)]

mod dice;
mod layouts;
mod world;

use std::time::Duration;

use layouts::{Laid, Visit, each_at_random, each_by_hand};
use statecookie::advice::{FieldSet, Layout, Recorder, Rung};
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
struct Replay<'a> {
    trace: &'a Trace,
    recorder: Recorder<layouts::design::Shop>,
    least: (usize, &'static str),
    worst: f64,
}

impl Visit for Replay<'_> {
    fn visit<S: Laid>(&mut self, name: &'static str) {
        let layout = Layout::of_tiers(&S::TIERS).unwrap();
        let advisor = self.recorder.advisor().ladder(&ladder()).unwrap();
        let predicted = advisor.predict(&layout).unwrap().bytes;
        let sent = sent::<S>(self.trace);
        let off = predicted / sent as f64 - 1.0;
        println!(
            "{name:14} {:?}: {sent} bytes, predicted {predicted:.0}: {:+.2} %",
            S::TIERS,
            100.0 * off
        );
        self.worst = self.worst.max(off.abs());
        self.least = self.least.min((sent, name));
    }
}

fn replayed(habit: Habit, seed: u64) {
    let trace = visit(seed, habit);
    let recorder = recorded::<layouts::design::Shop>(&trace);
    let advice = recorder
        .advisor()
        .ladder(&ladder())
        .unwrap()
        .advise()
        .unwrap();
    println!("{} states\n{advice}", trace.len());
    let mut replay = Replay {
        trace: &trace,
        recorder,
        least: (usize::MAX, ""),
        worst: 0.0,
    };
    each_by_hand(&mut replay);
    each_at_random(&mut replay);
    println!(
        "worst {:.2} %, least {:?}",
        100.0 * replay.worst,
        replay.least
    );
}

#[test]
fn walking() {
    replayed(
        Habit {
            steps: 60,
            step: 400,
            pause: 40,
            minutes: 40,
        },
        1,
    );
}

#[test]
fn standing() {
    replayed(
        Habit {
            steps: 4,
            step: 3000,
            pause: 400,
            minutes: 150,
        },
        2,
    );
}
