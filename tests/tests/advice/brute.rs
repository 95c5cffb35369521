//! The search against all layouts of six fields: random traces, ladders and pins.

use std::time::Duration;

use statecookie::advice::{AdviceError, Layout, Pin, Recorder, Rung};
use statecookie::{StateCookie, Timestamp};

use crate::dice::Dice;

#[derive(StateCookie, Clone)]
#[rustfmt::skip]
#[statecookie(version = 1, pad = 8, tier(1, valid_for = "2h"), tier(0, valid_for = "10m"))]
struct Six {
    #[tier(1)] #[immutable] limit: u32,
    #[tier(1)] #[private] secret: Vec<u8>,
    #[tier(1)] #[private] account: u16,
    #[tier(0)] #[mutable(range = 0..=self.limit)] speed: u32,
    #[tier(0)] #[mutable(any)] turn: [u8; 3],
    #[tier(0)] #[mutable(max_len = 300)] note: String,
}

const NAMES: [&str; 6] = ["limit", "secret", "account", "speed", "turn", "note"];
const LIMIT: usize = 0;
const SPEED: usize = 3;
const SIGNED: [usize; 3] = [0, 1, 2];

/// Every way to put six fields into tiers without an empty one.
fn all_layouts() -> Vec<([u8; 6], Layout)> {
    let numbers = (0..6_u32.pow(6))
        .map(|code| std::array::from_fn(|place| (code / 6_u32.pow(place as u32) % 6) as u8));
    let layouts = numbers.filter_map(|tiers| Some((tiers, Layout::of_tiers(&tiers).ok()?)));
    layouts.collect()
}

fn recorded(dice: &mut Dice) -> Recorder<Six> {
    let mut six = Six {
        limit: 1000,
        secret: vec![1; 5],
        account: 7,
        speed: 5,
        turn: [0; 3],
        note: String::new(),
    };
    let rarity: [u64; 6] = std::array::from_fn(|_| 1 + dice.below(12) * dice.below(12));
    let pace = 1 + dice.below(90) * dice.below(90) * dice.below(20);
    let mut now = Timestamp::from_secs(1_800_000_000);
    let mut recorder = Recorder::new().unwrap();
    recorder.observe_at(&six, now).unwrap();
    for _ in 0..50 + dice.below(800) {
        now = now.saturating_add(Duration::from_millis(dice.below(2 * pace)));
        let changed: [bool; 6] = std::array::from_fn(|place| dice.once_in(rarity[place]));
        change(&mut six, changed, dice);
        recorder.observe_at(&six, now).unwrap();
    }
    recorder
}

fn change(six: &mut Six, changed: [bool; 6], dice: &mut Dice) {
    let [limit, secret, account, speed, turn, note] = changed;
    if limit {
        six.limit = 1000 + dice.below(9) as u32;
    }
    if secret {
        six.secret = vec![dice.below(256) as u8; dice.below(20) as usize];
    }
    if account {
        six.account = dice.below(60_000) as u16;
    }
    if speed {
        six.speed = dice.below(1000) as u32;
    }
    if turn {
        six.turn = [dice.below(256) as u8; 3];
    }
    if note {
        six.note = "n".repeat(dice.below(250) as usize);
    }
}

fn rungs(dice: &mut Dice) -> Vec<Rung> {
    let mut secs = 7200;
    let mut rungs = vec![Rung::new(Duration::from_secs(secs))];
    for _ in 0..dice.below(4) {
        secs /= [1, 2, 5, 12][dice.below(4) as usize];
        rungs.push(Rung::new(Duration::from_secs(secs.max(4))));
    }
    if rungs.len() > 1 && dice.once_in(3) {
        let last = rungs.len() - 1;
        rungs[last] = rungs[last].or_default();
    }
    rungs
}

fn pins(dice: &mut Dice) -> Vec<(usize, Pin)> {
    let pins = (0..dice.below(7)).map(|_| {
        let number = dice.below(3) as u8;
        let pins = [Pin::Root, Pin::Tier(number), Pin::NoLowerThan(number)];
        (dice.below(6) as usize, pins[dice.below(3) as usize])
    });
    pins.collect()
}

/// The rules once more, said of a whole layout.
fn permitted(tiers: &[u8; 6], rungs: &[Rung], pins: &[(usize, Pin)]) -> bool {
    let root = *tiers.iter().max().unwrap();
    let kept = pins.iter().all(|(place, pin)| match pin {
        Pin::Root => tiers[*place] == root,
        Pin::Tier(number) => tiers[*place] == *number,
        Pin::NoLowerThan(number) => tiers[*place] >= *number,
        _ => false,
    });
    let defaults = |place: usize| {
        let depth = usize::from(root - tiers[place]);
        let rung = rungs.get(depth).or(rungs.last()).unwrap();
        *rung == rung.or_default()
    };
    kept && tiers[LIMIT] >= tiers[SPEED] && !SIGNED.into_iter().any(defaults)
}

#[test]
fn no_layout_of_six_fields_is_predicted_below_the_advised_one() {
    let all = all_layouts();
    assert_eq!(all.len(), 4683);
    let (mut none, mut deepest) = (0, 0);
    for seed in 0..40 {
        let mut dice = Dice::new(seed);
        let recorder = recorded(&mut dice);
        let rungs = rungs(&mut dice);
        let pins = if seed % 2 == 0 {
            Vec::new()
        } else {
            pins(&mut dice)
        };
        let mut advisor = recorder.advisor().ladder(&rungs).unwrap();
        for (place, pin) in &pins {
            advisor = advisor.pin(NAMES[*place], *pin);
        }
        let costs = advisor
            .predict_each(all.iter().map(|(_, layout)| layout))
            .unwrap();
        let open = all.iter().zip(&costs);
        let open = open.filter(|((tiers, _), _)| permitted(tiers, &rungs, &pins));
        let least = open.map(|(_, cost)| cost.bytes).min_by(f64::total_cmp);
        match (advisor.advise(), least) {
            (Err(AdviceError::NoLayout), None) => none += 1,
            (Ok(advice), Some(least)) => {
                let found = advice.advised.bytes;
                assert!(
                    (found - least).abs() < 1e-6 * least,
                    "{seed}: {found} for {least}"
                );
                let at = all
                    .iter()
                    .position(|(_, layout)| *layout == advice.layout)
                    .unwrap();
                assert!(
                    permitted(&all[at].0, &rungs, &pins),
                    "{seed}: {:?}",
                    all[at].0
                );
                assert!((costs[at].bytes - found).abs() < 1e-6 * found, "{seed}");
                deepest = deepest.max(advice.advised.tiers);
            }
            (advice, least) => panic!("{seed}: {advice:?} where the least is {least:?}"),
        }
    }
    println!("{none} times no layout, at most {deepest} tiers");
    assert!(none > 0 && deepest > 2, "{none} {deepest}");
}
