//! What whoever watches a pool of guarded tiers is told: what the store refused is refused, and nothing before it was asked.

use std::sync::{Arc, Mutex};

use statecookie::testing::TestClock;
use statecookie::{Event, MemoryMarks, Pool, Verdict};

use super::kit::{Client, NOW, Purse, builder, purse, spend};

type Told = Arc<Mutex<Vec<String>>>;

fn watch(told: &Told) -> impl Fn(&Event<'_>) + Send + Sync + 'static {
    let told = Arc::clone(told);
    move |event: &Event<'_>| {
        let line = match event {
            Event::Accepted { .. } => "accepted".to_owned(),
            Event::Issued { tiers, len, .. } => format!("issued {tiers:?} in {len} bytes"),
            Event::Refused {
                refusal, proven, ..
            } => {
                assert!(proven.is_some(), "its tags were good");
                refusal.to_string()
            }
            _ => return,
        };
        told.lock().unwrap().push(line);
    }
}

fn last(told: &Told) -> String {
    told.lock().unwrap().pop().unwrap()
}

#[test]
fn what_the_store_says_is_told_as_what_came_of_it() {
    let (told, clock) = (Told::default(), TestClock::at(NOW));
    let builder = builder(&clock).high_water(MemoryMarks::up_to(1));
    let pool: Pool<Purse> = builder.observer(watch(&told)).build().unwrap();
    let mut client = Client::new();
    let mut session = pool.open(purse()).unwrap();
    let older = client.takes(&mut session);
    let update = spend(&mut session).unwrap();
    assert_eq!(
        last(&told),
        format!("issued {{1, 0}} in {} bytes", update.len())
    );
    let newer = client.merges(&update);
    assert!(pool.resume(&older).is_err());
    assert!(last(&told).starts_with("rolled-back at tier 1, key "));
    let _session = pool.resume(&newer).unwrap();
    assert_eq!(last(&told), "accepted");
    let issued = told.lock().unwrap().len();
    assert!(spend(&mut session).is_err());
    assert_eq!(told.lock().unwrap().len(), issued, "it was fenced");
}

#[test]
fn what_is_held_back_is_told_once_it_is_settled() {
    let (told, clock) = (Told::default(), TestClock::at(NOW));
    let builder = builder(&clock).marks_by_hand();
    let pool: Pool<Purse> = builder.observer(watch(&told)).build().unwrap();
    let mut session = pool.open(purse()).unwrap();
    let mut flush = session.claim_flush().unwrap();
    assert!(told.lock().unwrap().is_empty());
    flush.answer(Verdict::Accepted);
    let update = flush.settle().unwrap().unwrap();
    assert_eq!(
        last(&told),
        format!("issued {{2, 1, 0}} in {} bytes", update.len())
    );
    let claimed = pool.present(&update).claim().unwrap();
    assert!(told.lock().unwrap().is_empty());
    let _session = claimed.settle(Verdict::Accepted).unwrap();
    assert_eq!(last(&told), "accepted");
    let claimed = pool.present(&update).claim().unwrap();
    assert!(claimed.settle(Verdict::Revoked).is_err());
    assert!(last(&told).starts_with("revoked at tier 1"));
    assert!(pool.resume(&update).is_err());
    assert!(last(&told).starts_with("marks-away"));
}
