//! What happens in a shop: a visitor who walks in bursts and stands still in between.

use std::time::Duration;

use statecookie::Timestamp;

use crate::dice::Dice;

/// The state, in no layout.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct World {
    pub(crate) customer: u64,
    pub(crate) token: Vec<u8>,
    pub(crate) credit: u16,
    pub(crate) cart: Vec<u16>,
    pub(crate) quality: u8,
    pub(crate) limit: u32,
    pub(crate) position: [f32; 3],
    pub(crate) yaw: f32,
    pub(crate) note: String,
}

/// When the state was what.
pub(crate) type Trace = Vec<(Timestamp, World)>;

/// How a visitor behaves.
#[derive(Clone, Copy)]
pub(crate) struct Habit {
    /// Steps of a burst, at most.
    pub(crate) steps: u64,
    /// Milliseconds from step to step.
    pub(crate) step: u64,
    /// Seconds of standing still, at most.
    pub(crate) pause: u64,
    pub(crate) minutes: u64,
}

/// At the begin of a key's three hours, so that none changes.
const START: u64 = 10_800 * 166_666;

/// One visit.
pub(crate) fn visit(seed: u64, habit: Habit) -> Trace {
    let mut dice = Dice::new(seed);
    let mut world = World {
        customer: 47_110_815,
        token: vec![7; 20],
        credit: 720,
        cart: Vec::new(),
        quality: 2,
        limit: 100_000,
        position: [0.0; 3],
        yaw: 0.0,
        note: "new".into(),
    };
    let mut now = Timestamp::from_millis(START * 1000 + 250);
    let end = now.saturating_add(Duration::from_secs(habit.minutes * 60));
    let mut trace = vec![(now, world.clone())];
    while now < end {
        for _ in 0..1 + dice.below(habit.steps) {
            now = now.saturating_add(Duration::from_millis(habit.step));
            step(&mut world, &mut dice);
            trace.push((now, world.clone()));
        }
        let pause = 2 + dice.below(habit.pause);
        now = now.saturating_add(Duration::from_millis(pause * 1000 + 37));
        decide(&mut world, &mut dice);
        trace.push((now, world.clone()));
    }
    trace
}

fn step(world: &mut World, dice: &mut Dice) {
    let axis = dice.below(3) as usize;
    world.position[axis] = dice.below(1000) as f32 / 2.0 - 250.0;
    if dice.once_in(3) {
        world.yaw = dice.below(3599) as f32 / 10.0;
    }
}

/// What is decided while standing still; often nothing but a look around.
fn decide(world: &mut World, dice: &mut Dice) {
    world.yaw = dice.below(3599) as f32 / 10.0;
    if dice.once_in(2) {
        world.cart.push(dice.below(5000) as u16);
        world.cart.truncate(30);
    }
    if dice.once_in(4) {
        world.note = "n".repeat(dice.below(40) as usize);
    }
    if dice.once_in(5) {
        world.quality = dice.below(5) as u8;
    }
    if dice.once_in(12) {
        world.token = vec![dice.below(256) as u8; 12 + dice.below(20) as usize];
        world.credit = dice.below(900) as u16;
    }
    if dice.once_in(20) {
        world.limit = 1000 * dice.below(300) as u32;
    }
}
