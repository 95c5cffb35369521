//! Two-tier updates made by hand, as a server would send them.

use alloc::vec::Vec;

const ROOT_TAG: [u8; 16] = [0xaa; 16];

/// A root and a cookie of tier 0.
pub fn full(out: &mut Vec<u8>) {
    out.push(0x21);
    let start = out.len();
    out.push(0);
    out.extend([0b0000_1001, 1, 2]);
    out.extend(*b"hash");
    out.extend([1, 0, 0, 0]);
    out.extend([7; 16]);
    out.extend([8; 4]);
    out.extend([0, 100, 60, 0, 30]);
    out.extend(ROOT_TAG);
    close(out, start);
    lowest(out, 0);
}

/// A cookie of tier 0 under that root.
pub fn partial(out: &mut Vec<u8>, counter: u8) {
    out.push(0x20);
    lowest(out, counter);
}

fn lowest(out: &mut Vec<u8>, counter: u8) {
    let start = out.len();
    out.push(0);
    out.push(0b0000_1000);
    out.extend(&ROOT_TAG[..4]);
    out.extend([0, counter, 0, 30]);
    out.extend([counter; 16]);
    out.extend(*b"position and angle");
    close(out, start);
}

/// Sets the length in front of a cookie.
fn close(out: &mut [u8], start: usize) {
    out[start] = (out.len() - start - 1) as u8;
}
