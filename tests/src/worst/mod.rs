//! The worst inputs that somebody can generate for each way into the library: of any length, on server and client.
//!
//! A case is made for a number of bytes on the wire; what it runs is one call of the library on them. The tests `heap` and
//! `stack` and the program `resources` hold every case to its bounds.

mod before_tag;
pub mod chance;
pub mod forge;
pub mod jar;
pub mod states;
mod values;

/// The longest input that is read: 64 KiB less what RSerPool's parameter takes.
pub const LONGEST: usize = statecookie::MAX_BLOB;

/// One way to hurt.
pub struct Case {
    /// What it is, in words without a space.
    pub name: &'static str,
    /// What its heap is bounded by.
    pub heap: Heap,
    make: Box<dyn Fn(usize) -> Input>,
}

impl Case {
    fn new(name: &'static str, heap: Heap, make: impl Fn(usize) -> Input + 'static) -> Self {
        Self {
            name,
            heap,
            make: Box::new(make),
        }
    }

    /// The input of at most that many bytes, as many as it can have.
    pub fn input(&self, wire: usize) -> Input {
        (self.make)(wire)
    }
}

impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Case")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// What the heap is bounded by: so much for each byte on the wire, and 4 KiB.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Heap {
    /// Nothing is believed yet, and no value is made: 8.
    Wire,
    /// Values are made of unproven bytes. The largest element takes so many bytes of memory for each byte on the wire: three
    /// times that, because a list that grows is there twice, half and whole.
    Values {
        /// Bytes of memory for each byte on the wire, in the densest list.
        dense: usize,
    },
}

impl Heap {
    /// The bound for an input of that length.
    pub fn bound(self, wire: usize) -> usize {
        let factor = match self {
            Self::Wire => 8,
            Self::Values { dense } => 3 * dense,
        };
        factor.max(8) * wire + 4096
    }
}

/// An input, and the call that takes it.
pub struct Input {
    /// Its bytes on the wire.
    pub wire: usize,
    /// The call; it stops the program if the library's answer is not the expected one.
    pub call: Box<dyn FnMut() + Send>,
}

impl std::fmt::Debug for Input {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Input")
            .field("wire", &self.wire)
            .finish_non_exhaustive()
    }
}

impl Input {
    /// A call on bytes.
    pub fn new(bytes: Vec<u8>, mut call: impl FnMut(&[u8]) + Send + 'static) -> Self {
        Self {
            wire: bytes.len(),
            call: Box::new(move || call(&bytes)),
        }
    }
}

/// Every case.
pub fn cases() -> Vec<Case> {
    let cases = [before_tag::cases(), jar::cases(), values::cases()];
    cases.into_iter().flatten().collect()
}

/// A blob of as many bytes as fit into `wire`, from what makes one with a given number of bytes inside.
fn fitted(wire: usize, make: impl Fn(usize) -> Vec<u8>) -> Vec<u8> {
    let mut inside = wire;
    loop {
        let bytes = make(inside);
        if bytes.len() <= wire || inside == 0 {
            return bytes;
        }
        inside = inside.saturating_sub(bytes.len() - wire);
    }
}
