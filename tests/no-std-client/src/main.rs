//! The client half without `std`: merges updates, makes a bundle, and allocates nothing once it has met every tier.
//!
//! Exit code 0 is success; any other number says which step went wrong.
#![no_std]
#![no_main]

extern crate alloc;

mod heap;
mod message;

use alloc::vec::Vec;

use statecookie::{Jar, Merged};

#[unsafe(no_mangle)]
#[allow(
    unsafe_code,
    reason = "the C runtime's name for where a program begins"
)]
extern "C" fn main() -> i32 {
    match client() {
        Ok(()) => 0,
        Err(step) => step,
    }
}

fn client() -> Result<(), i32> {
    let mut jar = Jar::new();
    let mut buffer = Vec::with_capacity(1024);
    message::full(&mut buffer);
    expect(jar.merge(&buffer) == Ok(Merged::Updated), 1)?;

    let mut bundle = Vec::with_capacity(1024);
    let before = heap::allocations();
    for counter in 1..100 {
        buffer.clear();
        message::partial(&mut buffer, counter);
        expect(jar.merge(&buffer) == Ok(Merged::Updated), 2)?;
        expect(jar.merge(&buffer) == Ok(Merged::Unchanged), 3)?;
    }
    bundle.clear();
    expect(jar.bundle_into(&mut bundle).is_ok(), 4)?;
    expect(heap::allocations() == before, 5)?;

    expect(jar.vector() == Some(&[0, 99][..]), 6)?;
    expect(bundle.ends_with(&buffer[1..]), 7)?;
    expect(jar.merge(b"not an update").is_err(), 8)
}

fn expect(holds: bool, step: i32) -> Result<(), i32> {
    if holds { Ok(()) } else { Err(step) }
}
