//! An allocator that counts what the calling thread allocates, and how much of it is alive at once.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// The system's allocator, with counters for each thread; a test makes it its `#[global_allocator]`.
#[derive(Debug)]
pub struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
    static LIVE: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

/// What a piece of work took of the heap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heap {
    /// How often it allocated, or made a block larger or smaller.
    pub allocations: u64,
    /// The most bytes alive at once, above what was alive before. A block that moves counts twice while it does.
    pub peak: usize,
    /// The bytes alive at the end, above what was alive before.
    pub kept: isize,
}

/// How often the calling thread allocates, or makes a block larger or smaller, while `work` runs.
pub fn allocations(work: impl FnOnce()) -> u64 {
    heap(work).allocations
}

/// What the calling thread takes of the heap while `work` runs.
pub fn heap(work: impl FnOnce()) -> Heap {
    let (allocations, live) = (ALLOCATIONS.get(), LIVE.get());
    PEAK.set(live);
    work();
    Heap {
        allocations: ALLOCATIONS.get() - allocations,
        peak: usize::try_from(PEAK.get() - live).unwrap_or(0),
        kept: LIVE.get() - live,
    }
}

// A thread that is about to end has no counters any more.
fn count() {
    let _ = ALLOCATIONS.try_with(|count| count.set(count.get() + 1));
}

fn took(bytes: usize) {
    let _ = LIVE.try_with(|live| {
        live.set(live.get().saturating_add_unsigned(bytes));
        let _ = PEAK.try_with(|peak| peak.set(peak.get().max(live.get())));
    });
}

fn gave_back(bytes: usize) {
    let _ = LIVE.try_with(|live| live.set(live.get().saturating_sub_unsigned(bytes)));
}

// SAFETY: every call is handed on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        took(layout.size());
        // SAFETY: the caller's promises are the system's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count();
        took(layout.size());
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, len: usize) -> *mut u8 {
        count();
        took(len);
        gave_back(layout.size());
        // SAFETY: as above.
        unsafe { System.realloc(block, layout, len) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        gave_back(layout.size());
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) }
    }
}
