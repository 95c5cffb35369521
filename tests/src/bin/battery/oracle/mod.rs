//! The oracle: knows who issued what, and says of any bytes whether a server must accept them, as which state, or refuse them,
//! for which reason. It uses no function of the library's seal, wire, resume or jar; it never checks a tag, because it knows
//! every cookie that was ever issued.

pub(crate) mod issued;
pub(crate) mod judge;
pub(crate) mod keys;
pub(crate) mod ledger;
pub(crate) mod shown;
