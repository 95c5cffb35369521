//! What hostile clients do with the cookies of an honest history, and honest ones with theirs.

pub(crate) mod base;
pub(crate) mod bytes;
pub(crate) mod clock;
pub(crate) mod collisions;
mod forge;
pub(crate) mod header;
pub(crate) mod honest;
mod kin;
pub(crate) mod pairs;
mod splice;
pub(crate) mod tiers;
pub(crate) mod values;
