//! `update`, as `statecookie_fuzz::targets` has it.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| statecookie_fuzz::targets::container::update(data));
