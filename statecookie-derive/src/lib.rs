//! The derive macros of StateCookie.
#![forbid(unsafe_code)]

use proc_macro::TokenStream;

/// Derives `StateCookie` for a struct.
#[proc_macro_derive(
    StateCookie,
    attributes(statecookie, tier, immutable, private, mutable, state, approx)
)]
pub fn derive_state_cookie(_input: TokenStream) -> TokenStream {
    TokenStream::new()
}

/// Derives `MutableValue` for field-less enums and structs of bounded fields.
#[proc_macro_derive(MutableValue, attributes(mutable))]
pub fn derive_mutable_value(_input: TokenStream) -> TokenStream {
    TokenStream::new()
}
