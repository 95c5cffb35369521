//! Runs the worst inputs: for a tool that counts instructions, and on a small stack.
#![forbid(unsafe_code)]
#![expect(clippy::expect_used, reason = "a measurement that fails has to stop")]

use std::ffi::CString;
use std::hint::black_box;
use std::{env, thread};

use statecookie_tests::valgrind;
use statecookie_tests::worst::states::Onion;
use statecookie_tests::worst::{Case, Input, LONGEST, cases};

const USAGE: &str =
    "usage: resources count | resources stack BYTES [CASE] | resources control BYTES";

/// The lengths between which instructions may grow by 4.4 at most.
const LENGTHS: [usize; 2] = [16 * 1024, LONGEST];

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["count"] => {
            cases()
                .iter()
                .for_each(|case| count(case.name, |length| case.input(length)));
            count("control", quadratic);
        }
        ["stack", bytes] => each_on_a_stack_of(bytes, |_| true),
        ["stack", bytes, name] => each_on_a_stack_of(bytes, |case| case.name == *name),
        ["control", bytes] => without_a_bound_on_depth(bytes),
        _ => panic!("{USAGE}"),
    }
}

/// The second call is the one that counts: the first one finds out what the processor can do, and derives keys.
fn count(name: &str, make: impl Fn(usize) -> Input) {
    for length in LENGTHS {
        let mut input = make(length);
        (input.call)();
        let name = CString::new(format!("{name} {}", input.wire)).expect("no zeros in it");
        valgrind::count(&name, &mut input.call);
    }
}

/// What must be found to grow too fast: each block of 64 bytes held against all before it.
fn quadratic(length: usize) -> Input {
    let bytes: Vec<u8> = (0..length / 64)
        .flat_map(|block| block.to_le_bytes().repeat(8))
        .collect();
    Input::new(bytes, |bytes| {
        let blocks: Vec<&[u8]> = bytes.chunks_exact(64).collect();
        let same = |at: usize| blocks.iter().take(at).any(|block| *block == blocks[at]);
        assert!(!(0..blocks.len()).any(|at| black_box(same(at))));
    })
}

/// Says each case's name before its call: where the stack does not suffice, the last one is to blame.
fn each_on_a_stack_of(bytes: &str, chosen: impl Fn(&Case) -> bool) {
    let bytes = bytes.parse().expect(USAGE);
    let mut run = 0;
    for case in cases().iter().filter(|case| chosen(case)) {
        println!("{}", case.name);
        let mut input = case.input(LONGEST);
        let small = thread::Builder::new().stack_size(bytes);
        let call = small.spawn(move || (input.call)()).expect("a thread");
        call.join().expect("the expected answer");
        run += 1;
    }
    println!("{run} cases on {bytes} bytes of stack");
}

/// The same nesting through a decoder that knows no bound: it wants as much stack as the input is long, many times over.
fn without_a_bound_on_depth(bytes: &str) {
    let small = thread::Builder::new().stack_size(bytes.parse().expect(USAGE));
    let call = small.spawn(|| postcard::from_bytes::<Onion>(&[1; LONGEST]).is_ok());
    println!("{}", call.expect("a thread").join().expect("no panic"));
}
