//! The stories of StateCookie as programs.
#![forbid(unsafe_code)]
