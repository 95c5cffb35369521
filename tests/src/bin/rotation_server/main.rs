//! A server of the rotation test: keys of a Redis, a clock that is off, a verdict on each bundle with the time it used.
//!
//! `rotation_server ADDRESS LOCAL_KEY COPY --clock-offset MILLISECONDS`
#![forbid(unsafe_code)]

mod clock;
mod desk;
mod held;

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use statecookie::{Keys, Pool, RedisKeys, Secret};
use statecookie_tests::rotation::{LEEWAY, LONGEST, NAME, POLICY, Ride};

use clock::OffsetClock;
use desk::Desk;
use held::{Held, Noted};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, local, copy, switch, offset] = &*arguments else {
        return Err("rotation_server ADDRESS LOCAL_KEY COPY --clock-offset MILLISECONDS".into());
    };
    if switch != "--clock-offset" {
        return Err("the last argument but one is --clock-offset".into());
    }
    let clock = OffsetClock(offset.parse()?);
    let keys = RedisKeys::at(address, NAME, &Secret::from_hex(local)?)?
        .key_policy(POLICY)
        .longest_validity(LONGEST)
        .local_copy(copy)
        .timeout(Duration::from_millis(500))
        .clock(clock);
    serve(keys, clock)
}

fn serve(keys: RedisKeys, clock: OffsetClock) -> Outcome<()> {
    let held = Arc::new(Held::default());
    let told = Arc::clone(&held);
    let pool = Pool::<Ride>::builder(NAME, Keys::source(Noted::new(keys, Arc::clone(&held))))
        .key_policy(POLICY)
        .leeway(LEEWAY)
        .clock(clock)
        .on_refresh(move |refresh| told.settle(&refresh.outcome))
        .build()?;
    let _watch = pool.watch_keys()?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    println!("{}", listener.local_addr()?);
    io::stdout().flush()?;
    thread::spawn(end_with_the_test);
    for stream in listener.incoming() {
        let desk = Desk {
            pool: pool.clone(),
            clock,
            held: Arc::clone(&held),
        };
        let stream = stream?;
        thread::spawn(move || desk.serve(stream));
    }
    Ok(())
}

/// A server outlives no test, however that ended.
fn end_with_the_test() {
    let _ = io::stdin().read_to_end(&mut Vec::new());
    std::process::exit(0);
}
