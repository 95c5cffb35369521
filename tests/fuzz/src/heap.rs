//! An allocator that knows how much of the heap the calling thread holds: the only unsafe code of this workspace.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// The system's allocator, with two counters for each thread.
#[derive(Debug)]
pub struct Measured;

#[global_allocator]
static ALLOCATOR: Measured = Measured;

thread_local! {
    static HELD: Cell<isize> = const { Cell::new(0) };
    static MOST: Cell<isize> = const { Cell::new(0) };
}

/// What `work` gives, and how many bytes more than before the calling thread held at the worst moment of it.
pub fn peak<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = HELD.get();
    MOST.set(before);
    let result = work();
    (result, MOST.get().abs_diff(before))
}

// A thread that is about to end has no counter any more.
fn grow(by: usize) {
    let _ = HELD.try_with(|held| {
        held.set(held.get().wrapping_add_unsigned(by));
        let _ = MOST.try_with(|most| most.set(most.get().max(held.get())));
    });
}

fn shrink(by: usize) {
    let _ = HELD.try_with(|held| held.set(held.get().wrapping_sub_unsigned(by)));
}

// SAFETY: every call is handed on to the system's allocator as it came.
unsafe impl GlobalAlloc for Measured {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        grow(layout.size());
        // SAFETY: the caller's promises are the system's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        grow(layout.size());
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, len: usize) -> *mut u8 {
        // The old block and the new one may be there at the same time.
        grow(len);
        // SAFETY: as above.
        let moved = unsafe { System.realloc(block, layout, len) };
        shrink(layout.size());
        moved
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        shrink(layout.size());
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) }
    }
}
