//! An allocator that counts.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Bytes that were asked for and not given back. A thread may give back what another asked for, so all share it.
static LIVE: AtomicUsize = AtomicUsize::new(0);

/// The allocator of the system, which counts the bytes in use. A program makes it its own with `#[global_allocator]`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counted;

/// The bytes in use; 0 in a program whose allocator is not [`Counted`].
pub fn live_bytes() -> usize {
    LIVE.load(Ordering::Relaxed)
}

fn count(block: *mut u8, more: usize, less: usize) -> *mut u8 {
    if !block.is_null() {
        LIVE.fetch_add(more.wrapping_sub(less), Ordering::Relaxed);
    }
    block
}

#[expect(unsafe_code, reason = "an allocator cannot be written otherwise")]
// SAFETY: every call is passed on as it came, and so is what comes back.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps to the contract of the system's allocator, which is this one's.
        count(unsafe { System.alloc(layout) }, layout.size(), 0)
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as in `alloc`.
        count(unsafe { System.alloc_zeroed(layout) }, layout.size(), 0)
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as in `alloc`; the block came from the system's allocator.
        count(unsafe { System.realloc(block, layout, size) }, size, layout.size())
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        count(block, 0, layout.size());
        // SAFETY: as in `realloc`.
        unsafe { System.dealloc(block, layout) }
    }
}

#[cfg(test)]
mod tests {
    use std::hint::black_box;

    use super::*;

    #[global_allocator]
    static COUNTED: Counted = Counted;

    /// Other tests of this program may run at the same time, so the blocks are far larger than anything of theirs.
    #[test]
    fn what_is_asked_for_counts_until_it_is_given_back() {
        const MEGABYTE: usize = 1 << 20;
        let in_megabytes = |before: usize| (live_bytes() - before + MEGABYTE / 2) / MEGABYTE;
        let before = live_bytes();
        let mut block: Vec<u8> = Vec::with_capacity(64 * MEGABYTE);
        let zeros = black_box(vec![0_u8; 16 * MEGABYTE]);
        assert_eq!(in_megabytes(before), 80);
        block.reserve_exact(96 * MEGABYTE);
        assert_eq!(in_megabytes(before), 112);
        drop((block, zeros));
        assert_eq!(in_megabytes(before), 0);
    }
}
