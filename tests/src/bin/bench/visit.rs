//! Bytes of a visit of 60 s: 10 positions a second, the cart every 30 s, the quality every 20 s.

use std::time::Duration;

use statecookie_tests::shop::{self, NOW};

use crate::rows::opened;

const TARGET: usize = 31_000;

/// Prints what the visit costs.
pub(crate) fn report() {
    let bytes = visit();
    let verdict = if bytes <= TARGET { "ok" } else { "missed" };
    println!("bytes of the visit: {bytes}, target <= {TARGET}: {verdict}");
    #[cfg(feature = "peers")]
    println!(
        "bytes of the visit, cookie PrivateJar of the whole: {}",
        crate::peers::private_jar_len(&shop::shop()) * (STEPS as usize + 1)
    );
}

const STEPS: u64 = 600;

fn visit() -> usize {
    let (mut session, full) = opened(shop::shop());
    let mut bytes = full.len();
    for step in 1..=STEPS {
        let mut edit = session.edit();
        let place = [step as f32 / 10.0, 0.0, 1.0];
        edit.set_position(place).expect("in range");
        if step % 300 == 0 {
            edit.cart_mut()[0].1 += 1;
        }
        if step % 200 == 0 {
            edit.set_quality((step / 200) as u8).expect("in range");
        }
        let now = NOW.saturating_add(Duration::from_millis(100 * step));
        bytes += session
            .flush_at(now)
            .expect("it can be issued")
            .map_or(0, |update| update.len());
    }
    bytes
}
