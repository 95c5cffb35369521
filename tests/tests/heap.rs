//! The heap of every worst case, for inputs of every length: 8 bytes for each byte on the wire and 4 KiB before anything is
//! believed; what the values themselves can take where values are made.
#![forbid(unsafe_code)]

use std::hint::black_box;
use std::ops::Range;

use statecookie::{Jar, MAX_TIERS};
use statecookie_tests::counting::{Counting, heap};
use statecookie_tests::worst::chance::{self, Dice};
use statecookie_tests::worst::jar::{fat, fat_twin};
use statecookie_tests::worst::{self, LONGEST};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn the_meter_sees_what_is_alive_at_once_and_what_stays() {
    let mut kept = Vec::new();
    let seen = heap(|| {
        drop(black_box(vec![1_u8; 1000]));
        kept = black_box(vec![1_u8; 300]);
    });
    assert_eq!((seen.allocations, seen.peak, seen.kept), (2, 1000, 300));
    let grown = heap(|| kept.reserve_exact(100));
    assert_eq!((grown.allocations, grown.peak, grown.kept), (1, 400, 100));
}

const LENGTHS: [usize; 5] = [128, 1024, 4096, 16_384, LONGEST];

#[test]
fn no_input_takes_more_heap_than_its_bound() {
    let mut over = Vec::new();
    for case in worst::cases() {
        for length in LENGTHS {
            let mut input = case.input(length);
            let first = heap(&mut input.call);
            let again = heap(&mut input.call);
            let (peak, bound) = (first.peak.max(again.peak), case.heap.bound(input.wire));
            println!(
                "{:30} {:6} bytes: {peak:9} of {bound:9}",
                case.name, input.wire
            );
            if peak > bound {
                over.push(format!(
                    "{}: {} bytes take {peak}, bound {bound}",
                    case.name, input.wire
                ));
            }
        }
    }
    assert!(over.is_empty(), "{over:#?}");
}

const SEED: u64 = 6;
const SECTIONS: usize = 3000;

#[test]
fn no_section_made_by_chance_takes_more_either() {
    let mut dice = Dice::new(SEED);
    let mut most = 0.0_f64;
    for number in 0..SECTIONS {
        let length = dice.below([100, 2000, 60_000][number % 3]);
        let (name, allowed, mut input) = chance::view(&mut dice, length);
        let (peak, bound) = (heap(&mut input.call).peak, allowed.bound(input.wire));
        most = most.max(peak as f64 / bound as f64);
        assert!(
            peak <= bound,
            "seed {SEED}, section {number}, {name}: {peak} of {bound}"
        );
    }
    println!(
        "{SECTIONS} sections from seed {SEED}: at most {:.0} % of their bound",
        most * 100.0
    );
}

/// Nine cookies of each tier, a buffer to spare, and some bytes for each.
const JAR: usize = MAX_TIERS * 10 * (LONGEST + 8 + 256);

#[test]
fn a_jar_under_a_flood_holds_ten_cookies_of_each_tier_at_most() {
    let mut jar = Jar::new();
    let mut kept = 0;
    for (length, marks) in [(LONGEST, 0..20), (10_000, 20..40), (LONGEST - 100, 40..60)] {
        kept += heap(|| flood(&mut jar, marks, |tier, mark| fat(length, tier, mark))).kept;
        println!("a jar after a flood of {length} bytes each holds {kept}, bound {JAR}");
        assert!(kept <= JAR as isize, "{kept}");
    }
    assert!(kept > 70 * LONGEST as isize, "no flood: {kept}");
    let cleared = heap(|| jar.clear());
    println!("and {} when it was cleared", kept + cleared.kept);
}

#[test]
fn twins_that_grow_do_not_make_a_jar_larger_than_that() {
    let mut jar = Jar::new();
    let mut kept = 0;
    for length in [45_000, 50_000, LONGEST] {
        kept += heap(|| flood(&mut jar, 0..9, |tier, mark| fat_twin(length, tier, mark))).kept;
        println!("a jar whose cookies have grown to {length} bytes holds {kept}, bound {JAR}");
        assert!(kept <= JAR as isize, "{kept}");
    }
    assert!(kept > 70 * LONGEST as isize, "no flood: {kept}");
}

fn flood(jar: &mut Jar, marks: Range<u8>, update: impl Fn(u8, u8) -> Vec<u8>) {
    for tier in (0..MAX_TIERS as u8).rev() {
        for mark in marks.clone() {
            assert!(jar.merge(&update(tier, mark)).is_ok());
        }
    }
}
