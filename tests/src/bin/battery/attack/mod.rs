//! What hostile clients do with the cookies of an honest history, and honest ones with theirs.

pub(crate) mod base;
pub(crate) mod bytes;
pub(crate) mod clock;
pub(crate) mod forge;
pub(crate) mod header;
pub(crate) mod honest;
pub(crate) mod splice;
pub(crate) mod tiers;
pub(crate) mod values;
