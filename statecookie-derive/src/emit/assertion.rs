//! Assertions that the compiler evaluates, underlining what the user typed from its first token to its last.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};

/// `__k::assert!(condition, "message");` under `typed`.
pub fn statement(typed: impl ToTokens, condition: &TokenStream, message: &str) -> TokenStream {
    let (first, last) = ends(typed.to_token_stream());
    let mut arguments = Group::new(Delimiter::Parenthesis, quote!(#condition, #message));
    arguments.set_span(last);
    let name = quote_spanned!(first=> __k::assert!);
    quote!(#name #arguments;)
}

/// `const _: () = __k::assert!(condition, "message");` under `typed`.
pub fn item(typed: impl ToTokens, condition: &TokenStream, message: &str) -> TokenStream {
    let statement = statement(typed, condition, message);
    quote!(const _: () = #statement)
}

fn ends(typed: TokenStream) -> (Span, Span) {
    let mut tokens = typed.into_iter();
    let first = tokens
        .next()
        .map_or_else(Span::call_site, |token| token.span());
    (
        first,
        tokens.last().map_or(first, |token: TokenTree| token.span()),
    )
}
