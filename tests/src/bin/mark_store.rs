//! A server of a pool whose marks lie in a Redis: resumes a bundle for good, says so, waits for a line, and prints the update that
//! it issues, or why it issues none.
//!
//! `mark_store ADDRESS POOL BUNDLE`, in base64url
#![forbid(unsafe_code)]

use std::io::{self, BufRead};
use std::time::Duration;

use statecookie::testing::TestClock;
use statecookie::{Keys, Pool, RedisMarks, Secret, StateCookie, Timestamp, from_text};

#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(
    version = 1,
    tier(2, valid_for = "3h"),
    tier(1, valid_for = "1h", guarded),
    tier(0, valid_for = "30m")
)]
struct Purse {
    #[tier(2)]
    owner: u64,
    #[tier(1)]
    coins: u32,
    #[tier(0)]
    step: u32,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, name, bundle] = &*arguments else {
        return Err("mark_store ADDRESS POOL BUNDLE".into());
    };
    let secret: [u8; 32] = core::array::from_fn(|at| at as u8 + 1);
    let keys = Keys::embedded(Secret::from_bytes(&secret)?);
    let marks = RedisMarks::at(address, name)?.timeout(Duration::from_secs(20));
    let pool = Pool::<Purse>::builder("purses", keys)
        .clock(TestClock::at(Timestamp::from_secs(1_800_000_000)))
        .high_water(marks.on_trouble(|error| eprintln!("{error}")))
        .build()?;
    let mut session = pool.resume(&from_text(bundle)?)?.session;
    println!("ready");
    io::stdin().lock().read_line(&mut String::new())?;
    *session.edit().coins_mut() -= 1;
    match session.flush() {
        Ok(update) => println!(
            "{}",
            update.map_or(String::new(), |update| update.to_text())
        ),
        Err(error) => println!("refused: {error:?}"),
    }
    Ok(())
}
