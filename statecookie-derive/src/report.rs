//! The one collector of mistakes: the user sees all of them in one compile, each under the token typed.

use proc_macro2::TokenStream;
use quote::ToTokens;

/// The mistakes found so far.
#[derive(Default)]
pub struct Report {
    mistakes: Option<syn::Error>,
}

impl Report {
    /// Notes a mistake under `tokens`; `message` says what to write instead.
    pub fn blame(&mut self, tokens: impl ToTokens, message: impl std::fmt::Display) {
        self.note(syn::Error::new_spanned(tokens, message));
    }

    /// Notes what the parser found.
    pub fn note(&mut self, error: syn::Error) {
        match &mut self.mistakes {
            Some(mistakes) => mistakes.combine(error),
            none => *none = Some(error),
        }
    }

    /// Takes over what a smaller report holds.
    pub fn absorb(&mut self, other: Self) {
        if let Some(mistakes) = other.mistakes {
            self.note(mistakes);
        }
    }

    /// The value, or a note of the parser's error.
    pub fn keep<T>(&mut self, parsed: syn::Result<T>) -> Option<T> {
        parsed.map_err(|error| self.note(error)).ok()
    }

    /// Whether nothing was blamed.
    pub fn is_empty(&self) -> bool {
        self.mistakes.is_none()
    }

    /// All mistakes, and an impl that keeps the rest of the program quiet.
    pub fn with_stub(self, stub: TokenStream) -> TokenStream {
        let mut tokens = self
            .mistakes
            .map(syn::Error::into_compile_error)
            .unwrap_or_default();
        tokens.extend(stub);
        tokens
    }
}
