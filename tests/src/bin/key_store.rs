//! A server of a pool whose keys lie in a Redis: says that it is ready, waits for a line, and prints its pool's fingerprint.
//!
//! `key_store ADDRESS POOL LOCAL_KEY`
#![forbid(unsafe_code)]

use std::io::{self, BufRead};

use statecookie::{Keys, Pool, RedisKeys, Secret, StateCookie};

#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(tier(0, valid_for = "1h"))]
struct Visit {
    #[tier(0)]
    customer: u64,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, name, local] = &*arguments else {
        return Err("key_store ADDRESS POOL LOCAL_KEY".into());
    };
    let keys = RedisKeys::at(address, name, &Secret::from_hex(local)?)?;
    println!("ready");
    io::stdin().lock().read_line(&mut String::new())?;
    let pool = Pool::<Visit>::new(name, Keys::source(keys))?;
    println!("{:016x}", u64::from_be_bytes(pool.fingerprint()));
    Ok(())
}
