//! What happens to a visit, and when: the same for every layout that is compared.

use rand_distr::{Distribution, Exp, StandardUniform, Uniform};
use rand_pcg::Pcg64;

use crate::Outcome;
use crate::shop::state::{CATALOGUE, Item};

/// Mean times between changes, in seconds.
const AISLE: f64 = 4.0;
const CART: f64 = 20.0;
const SETTINGS: f64 = 120.0;

/// How fast the visitor walks, in metres a second, and how far from the middle.
const SPEED: f32 = 1.4;
const REACH: f32 = 100.0;

/// A change of the visit.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A step, and where the visitor looks.
    Move {
        /// In metres.
        position: [f32; 3],
        /// In degrees.
        yaw: f32,
    },
    /// Another aisle of the shop.
    Aisle(u16),
    /// What the cart holds now.
    Cart(Vec<Item>),
    /// Another quality of the pictures.
    Quality(u8),
}

/// The events of a visit, each with its milliseconds since the begin.
#[derive(Clone, Debug)]
pub struct Trace {
    /// In the order of time.
    pub events: Vec<(u64, Event)>,
    /// How long it takes.
    pub seconds: u32,
}

impl Trace {
    /// A visit with so many steps a second; all else happens as rarely as ever.
    ///
    /// # Errors
    ///
    /// Never with the constants above.
    pub fn new(seconds: u32, steps_per_second: u32, seed: u128) -> Outcome<Self> {
        let mut events = walk(seconds, steps_per_second, &mut Pcg64::new(seed, 0))?;
        events.extend(aisles(seconds, &mut Pcg64::new(seed, 1))?);
        events.extend(carts(seconds, &mut Pcg64::new(seed, 2))?);
        events.extend(settings(seconds, &mut Pcg64::new(seed, 3))?);
        events.sort_by_key(|(at, _)| *at);
        Ok(Self { events, seconds })
    }
}

/// Steps in a direction that turns a little each second, and back where the shop ends.
fn walk(seconds: u32, steps_per_second: u32, chance: &mut Pcg64) -> Outcome<Vec<(u64, Event)>> {
    let turn = Uniform::new(-40.0_f32, 40.0)?;
    let (mut position, mut yaw, mut turning) = ([0.0, 1.7, 0.0], 0.0_f32, 0.0);
    let each = 1.0 / steps_per_second as f32;
    let mut events = Vec::new();
    for step in 1..=seconds * steps_per_second {
        if step % steps_per_second == 1 % steps_per_second {
            turning = turn.sample(chance);
        }
        yaw = (yaw + turning * each).rem_euclid(360.0);
        let (across, along) = yaw.to_radians().sin_cos();
        position[0] = (position[0] + SPEED * each * across).clamp(-REACH, REACH);
        position[2] = (position[2] + SPEED * each * along).clamp(-REACH, REACH);
        let at = u64::from(step) * 1000 / u64::from(steps_per_second);
        events.push((at, Event::Move { position, yaw }));
    }
    Ok(events)
}

fn aisles(seconds: u32, chance: &mut Pcg64) -> Outcome<Vec<(u64, Event)>> {
    let mut aisle = 0_u16;
    let times = times(seconds, AISLE, chance)?;
    let mut next = || {
        let forwards: bool = StandardUniform.sample(chance);
        aisle = if forwards {
            aisle + 1
        } else {
            aisle.saturating_sub(1)
        };
        Event::Aisle(aisle)
    };
    Ok(times.into_iter().map(|at| (at, next())).collect())
}

/// One article more each time; a cart of six is emptied to one.
fn carts(seconds: u32, chance: &mut Pcg64) -> Outcome<Vec<(u64, Event)>> {
    let mut cart: Vec<Item> = Vec::new();
    let mut next = |at| {
        if cart.len() == CATALOGUE.len() {
            cart.truncate(1);
        }
        let (article, cents) = CATALOGUE[cart.len()];
        let article = article.to_owned();
        cart.push(Item {
            article,
            cents,
            count: 1,
        });
        (at, Event::Cart(cart.clone()))
    };
    let times = times(seconds, CART, chance)?;
    Ok(times.into_iter().map(&mut next).collect())
}

fn settings(seconds: u32, chance: &mut Pcg64) -> Outcome<Vec<(u64, Event)>> {
    let times = times(seconds, SETTINGS, chance)?;
    let quality = (0..5).cycle().skip(3);
    Ok(times.into_iter().zip(quality.map(Event::Quality)).collect())
}

/// The times of events that come without memory, so many seconds apart on average.
fn times(seconds: u32, apart: f64, chance: &mut Pcg64) -> Outcome<Vec<u64>> {
    let gaps = Exp::new(1.0 / apart).map_err(|error| error.to_string())?;
    let mut at = 0.0;
    let times = std::iter::from_fn(|| {
        at += gaps.sample(chance);
        (at < f64::from(seconds)).then_some((at * 1000.0) as u64)
    });
    Ok(times.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(trace: &Trace, kind: fn(&Event) -> bool) -> usize {
        trace.events.iter().filter(|(_, event)| kind(event)).count()
    }

    #[test]
    fn everything_happens_about_as_often_as_it_should() {
        let trace = Trace::new(600, 10, 1).unwrap();
        assert_eq!(
            count(&trace, |event| matches!(event, Event::Move { .. })),
            6000
        );
        let aisles = count(&trace, |event| matches!(event, Event::Aisle(_)));
        assert!((100..=200).contains(&aisles), "{aisles}");
        let carts = count(&trace, |event| matches!(event, Event::Cart(_)));
        assert!((15..=45).contains(&carts), "{carts}");
        let settings = count(&trace, |event| matches!(event, Event::Quality(_)));
        assert!((1..=12).contains(&settings), "{settings}");
        assert!(trace.events.is_sorted_by_key(|(at, _)| *at));
        assert!(trace.events.iter().all(|(at, _)| *at <= 600_000));
    }

    #[test]
    fn more_steps_change_nothing_else() {
        let others = |steps| {
            let mut events = Trace::new(60, steps, 1).unwrap().events;
            events.retain(|(_, event)| !matches!(event, Event::Move { .. }));
            events
        };
        assert_eq!(others(1), others(100));
    }

    #[test]
    fn steps_are_as_long_as_the_visitor_is_fast() {
        let trace = Trace::new(60, 10, 1).unwrap();
        let mut before = [0.0, 1.7, 0.0];
        for (_, event) in &trace.events {
            if let Event::Move { position, .. } = event {
                let way = (position[0] - before[0]).hypot(position[2] - before[2]);
                assert!((way - SPEED / 10.0).abs() < 1e-3, "{way}");
                before = *position;
            }
        }
    }
}
