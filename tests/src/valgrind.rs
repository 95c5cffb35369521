//! Requests to Valgrind, in the form of instructions that do nothing where the program does not run under it.
//!
//! The crate for this binds Valgrind's C headers and needs libclang to build; these few requests are one sequence of
//! instructions, which Valgrind promises to keep.
#![allow(unsafe_code)]

use std::ffi::CStr;
use std::hint::black_box;

const RUNNING_ON_VALGRIND: usize = 0x1001;
const COUNT_ERRORS: usize = 0x1201;

const CALLGRIND: usize = tool(b"CT");
const DUMP_STATS_AT: usize = CALLGRIND + 3;
const ZERO_STATS: usize = CALLGRIND + 1;

const MEMCHECK: usize = tool(b"MC");
const MAKE_MEM_UNDEFINED: usize = MEMCHECK + 1;
const MAKE_MEM_DEFINED: usize = MEMCHECK + 2;
const GET_VBITS: usize = MEMCHECK + 8;

const fn tool(name: &[u8; 2]) -> usize {
    (name[0] as usize) << 24 | (name[1] as usize) << 16
}

/// Whether the program runs under Valgrind.
pub fn is_running() -> bool {
    request(RUNNING_ON_VALGRIND, [0; 3]) > 0
}

/// Counts the instructions of `work` alone, into a dump of Callgrind's that says `name`.
pub fn count<T>(name: &CStr, work: impl FnOnce() -> T) -> T {
    request(ZERO_STATS, [0; 3]);
    let done = black_box(work());
    request(DUMP_STATS_AT, [name.as_ptr() as usize, 0, 0]);
    done
}

/// From now on a branch on these bytes, or on what is computed from them, is an error to Memcheck; so is an address.
pub fn make_secret<T: ?Sized>(value: &T) {
    request(MAKE_MEM_UNDEFINED, place(black_box(value)));
}

/// From now on these bytes are known to everybody.
pub fn make_public<T: ?Sized>(value: &T) {
    request(MAKE_MEM_DEFINED, place(black_box(value)));
}

/// Whether every bit of the value depends on nothing secret, as far as Memcheck follows it.
pub fn is_public<T: ?Sized>(value: &T) -> bool {
    let [at, len, _] = place(value);
    let bits = vec![0xff_u8; len];
    request(GET_VBITS, [at, bits.as_ptr() as usize, len]);
    black_box(&bits).iter().all(|byte| *byte == 0)
}

/// How many errors Memcheck has found so far, the same ones again included.
pub fn errors() -> usize {
    request(COUNT_ERRORS, [0; 3])
}

fn place<T: ?Sized>(value: &T) -> [usize; 3] {
    let at = std::ptr::from_ref(value).cast::<u8>() as usize;
    [at, size_of_val(value), 0]
}

fn request(code: usize, [a, b, c]: [usize; 3]) -> usize {
    let arguments = [code, a, b, c, 0, 0];
    let mut answer = 0_usize;
    #[cfg(target_arch = "x86_64")]
    // SAFETY: the four rotations give `rdi` back, and exchanging `rbx` with itself changes nothing. Valgrind, which
    // recognises the sequence, reads the six arguments behind `rax`, puts its answer into `rdx`, and reads or writes no
    // memory of the program but the bits for `GET_VBITS`, which has a buffer of its own.
    unsafe {
        std::arch::asm!(
            "rol rdi, 3",
            "rol rdi, 13",
            "rol rdi, 61",
            "rol rdi, 51",
            "xchg rbx, rbx",
            in("rax") arguments.as_ptr(),
            inout("rdx") answer,
        );
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = arguments;
    std::mem::take(&mut answer)
}
