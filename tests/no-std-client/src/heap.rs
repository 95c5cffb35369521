//! What `std` would have brought: a heap, which only grows and counts, and what to do on a panic.
//!
//! The one file with `unsafe` code: a global allocator cannot be written without.
#![allow(unsafe_code, reason = "a global allocator cannot be written without")]

use core::alloc::{GlobalAlloc, Layout};
use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicUsize, Ordering};

const SIZE: usize = 64 * 1024;

#[global_allocator]
static HEAP: Bump = Bump {
    memory: UnsafeCell::new([0; SIZE]),
    used: AtomicUsize::new(0),
    count: AtomicUsize::new(0),
};

/// How often something was allocated.
pub fn allocations() -> usize {
    HEAP.count.load(Ordering::Relaxed)
}

struct Bump {
    memory: UnsafeCell<[u8; SIZE]>,
    used: AtomicUsize,
    count: AtomicUsize,
}

// SAFETY: the memory is only reached through ranges that `alloc` gave out, each once.
unsafe impl Sync for Bump {}

// SAFETY: every range lies inside the memory, is aligned as asked, and is never given out again.
unsafe impl GlobalAlloc for Bump {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        self.count.fetch_add(1, Ordering::Relaxed);
        let base = self.memory.get().cast::<u8>();
        let taken = self
            .used
            .fetch_add(layout.size() + layout.align(), Ordering::Relaxed);
        let start = taken + (base as usize + taken).wrapping_neg() % layout.align();
        if start + layout.size() > SIZE {
            return core::ptr::null_mut();
        }
        // SAFETY: `start` is inside the memory, as was just checked.
        unsafe { base.add(start) }
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

// The C runtime starts the program, and the compiler wants its `memcpy`.
#[link(name = "c")]
unsafe extern "C" {
    fn abort() -> !;
}

#[panic_handler]
fn panicked(_: &core::panic::PanicInfo<'_>) -> ! {
    // SAFETY: `abort` may always be called.
    unsafe { abort() }
}
