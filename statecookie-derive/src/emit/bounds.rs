//! Bounds as functions, for states and for mutable structs alike; literal ranges as constants that the compiler judges.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Expr, Ident, Type};

use super::frame::Frame;
use super::{argument, assertion};
use crate::plan::{Bound, Ends, Field, Rule, SignedRange};
use crate::text;

/// A field and its bound.
#[derive(Clone, Copy)]
pub struct Bounded<'p> {
    /// Its name.
    pub ident: &'p Ident,
    /// Its type.
    pub ty: &'p Type,
    /// Its bound.
    pub bound: &'p Bound,
}

/// The field as a bounded one, if it is mutable.
pub fn of_field(field: &Field) -> Option<Bounded<'_>> {
    field.bound().map(|bound| Bounded {
        ident: &field.ident,
        ty: &field.ty,
        bound,
    })
}

/// The name of the function that gives the bound.
pub fn function_name(field: &Ident) -> Ident {
    format_ident!("__bound_of_{}", field)
}

/// The lengths as a slice: `&[16, 8]`.
pub fn lengths(bound: &Bound) -> TokenStream {
    let lengths = &bound.lengths;
    quote!(&[#(#lengths),*])
}

/// What can be judged before any state exists:
///
/// ```text
/// const __RANGE_OF_quality: __k::Interval<Leaf> = { let low: Leaf = 0; .. };
/// const _: () = __k::assert!(__RANGE_OF_quality.holds_something(), "the range is empty");
/// const _: () = __k::assert!(<u8 as __k::MutableValue>::SHAPE.levels() <= 0, "..");
/// ```
pub fn ranges<'p>(fields: impl Iterator<Item = Bounded<'p>>, frame: &Frame) -> TokenStream {
    if !frame.is_concrete() {
        return TokenStream::new();
    }
    fields
        .map(|field| {
            let range = literal_range(&field);
            let levels = levels(&field);
            quote!(#range #levels)
        })
        .collect()
}

/// ```text
/// fn __bound_of_quality(__f_licence: &u32) -> __k::Bound<u8> { __k::Bound { lengths: &[], rule: .. } }
/// ```
pub fn function(
    field: &Bounded<'_>,
    type_of: impl Fn(&Ident) -> TokenStream,
    frame: &Frame,
) -> TokenStream {
    let (name, ty) = (function_name(field.ident), field.ty);
    let rule = rule(field, frame);
    let lengths = lengths(field.bound);
    // Without parameters the compiler has judged the lengths already.
    let judged = if frame.is_concrete() {
        TokenStream::new()
    } else {
        level_assertions(field)
    };
    let arguments = field.bound.names().iter().map(|name| {
        let (argument, ty) = (argument(name), type_of(name));
        quote!(#argument: &#ty)
    });
    let helper = match &field.bound.rule {
        Rule::Signed(range) => signed_function(field, range, &type_of),
        _ => TokenStream::new(),
    };
    let body = quote_spanned! {ty.span()=>
        __k::Bound { lengths: const { #judged #lengths }, rule: #rule }
    };
    let outcome = quote_spanned!(ty.span()=> __k::Bound<#ty>);
    quote! {
        #helper
        #[doc(hidden)]
        #[inline]
        fn #name(#(#arguments),*) -> #outcome {
            #body
        }
    }
}

/// A reference to what that function gives, all of it where the field's type was typed: the signed fields it names come from `value_of`.
pub fn call(
    field: &Field,
    owner: &TokenStream,
    value_of: impl Fn(&Ident) -> TokenStream,
) -> TokenStream {
    let name = function_name(&field.ident);
    let names = field.bound().map(Bound::names).unwrap_or_default();
    let values = names.iter().map(value_of);
    let span = field.ty.span();
    let owner = owner.clone().into_iter().map(|mut token| {
        token.set_span(token.span().located_at(span));
        token
    });
    let owner: TokenStream = owner.collect();
    quote_spanned!(span=> &#owner::#name(#(#values),*))
}

/// The type of the numbers inside.
fn leaf(ty: &Type) -> TokenStream {
    quote_spanned!(ty.span()=> <#ty as __k::MutableValue>::Leaf)
}

fn constant(field: &Bounded<'_>) -> Ident {
    format_ident!(
        "__RANGE_OF_{}",
        field.ident.unraw().to_string().to_uppercase()
    )
}

fn literal_range(field: &Bounded<'_>) -> TokenStream {
    let Rule::Range(
        ends @ Ends {
            is_literal: true, ..
        },
    ) = &field.bound.rule
    else {
        return TokenStream::new();
    };
    let (constant, leaf, interval) = (constant(field), leaf(field.ty), interval(ends, field.ty));
    let message =
        "the range is empty: write the smaller number first, and `..=` if both are the same";
    let judged = assertion::item(&ends.whole, &quote!(#constant.holds_something()), message);
    quote! {
        const #constant: __k::Interval<#leaf> = #interval;
        #judged
    }
}

/// `{ let low: Leaf = 0; let high: Leaf = 4; __k::Interval::closed(Some(low), Some(high)) }`
///
/// The `let`s make a type mismatch an error of the number itself.
fn interval(ends: &Ends, ty: &Type) -> TokenStream {
    let leaf = leaf(ty);
    let kind = if ends.high_excluded {
        quote!(half_open)
    } else {
        quote!(closed)
    };
    let (low, low_end) = end(&quote!(__low), ends.low.as_ref(), &leaf);
    let (high, high_end) = end(&quote!(__high), ends.high.as_ref(), &leaf);
    quote!({ #low #high __k::Interval::#kind(#low_end, #high_end) })
}

fn end(
    name: &TokenStream,
    value: Option<&TokenStream>,
    leaf: &TokenStream,
) -> (TokenStream, TokenStream) {
    match value {
        Some(value) => (quote!(let #name: #leaf = #value;), quote!(__k::Some(#name))),
        None => (TokenStream::new(), quote!(__k::None)),
    }
}

fn levels(field: &Bounded<'_>) -> TokenStream {
    let assertions = level_assertions(field);
    quote!(const _: () = { #assertions };)
}

/// One length for each level of variable length, no more and no fewer.
fn level_assertions(field: &Bounded<'_>) -> TokenStream {
    let Bounded { ty, bound, .. } = field;
    let given = bound.lengths.len();
    let levels = quote_spanned!(ty.span()=> <#ty as __k::MutableValue>::SHAPE.levels());
    let too_few = if given == 0 {
        "this type has no greatest length: add `max_len = 16`"
    } else {
        "what is inside has no greatest length: add `each(max_len = 16)`"
    };
    let few = assertion::statement(ty, &quote!(#levels <= #given), too_few);
    let many = bound.lengths.last().map(|last| {
        let message = "the type has no length for this: remove it";
        assertion::statement(last, &quote!(#levels >= #given), message)
    });
    quote!(#few #many)
}

fn rule(field: &Bounded<'_>, frame: &Frame) -> TokenStream {
    match &field.bound.rule {
        Rule::Any => quote_spanned!(field.ty.span()=> __k::Rule::Any),
        Rule::Check(path) => check(field.ty, path),
        Rule::OneOf(values) => one_of(field.ty, values),
        Rule::Range(ends) if ends.is_literal && frame.is_concrete() => {
            let constant = constant(field);
            quote!(__k::Rule::Range(#constant))
        }
        Rule::Range(ends) => {
            let interval = interval(ends, field.ty);
            quote!(__k::Rule::Range(#interval))
        }
        Rule::RangeValue(value) => {
            let leaf = leaf(field.ty);
            quote_spanned!(value.span()=> __k::Rule::Range(<__k::Interval<#leaf> as __k::From<_>>::from(#value)))
        }
        Rule::Signed(range) => {
            let (name, arguments) = (signed_name(field), range.names.iter().map(argument));
            quote!(__k::Rule::signed(Self::#name(#(#arguments),*)))
        }
    }
}

fn signed_name(field: &Bounded<'_>) -> Ident {
    format_ident!("__range_of_{}", field.ident)
}

/// ```text
/// fn __range_of_rate(__f_licence: &u32) -> __k::Option<__k::Interval<Leaf>> {
///     __k::Some({ let low: Leaf = 0; let high: Leaf = __k::Arithmetic::mul(*__f_licence, 2)?; .. })
/// }
/// ```
fn signed_function(
    field: &Bounded<'_>,
    range: &SignedRange,
    type_of: impl Fn(&Ident) -> TokenStream,
) -> TokenStream {
    let (name, leaf) = (signed_name(field), leaf(field.ty));
    let interval = interval(&range.ends, field.ty);
    let arguments = range.names.iter().map(|name| {
        let (argument, ty) = (argument(name), type_of(name));
        quote!(#argument: &#ty)
    });
    quote! {
        #[doc(hidden)]
        #[inline]
        fn #name(#(#arguments),*) -> __k::Option<__k::Interval<#leaf>> {
            __k::Some(#interval)
        }
    }
}

/// The path is called, not passed: so `fn(&str)` and `fn(&[T])` do as well.
fn check(ty: &Type, path: &Expr) -> TokenStream {
    let text = text::of(path);
    let here = Span::call_site().located_at(path.span());
    let own = quote_spanned!(here=> __value);
    let call = quote_spanned!(path.span()=> #path(#own));
    quote!(__k::Rule::Check { holds: |__value: &#ty| #call, text: #text })
}

/// `__k::Rule::OneOf { holds: |v| is(1, v) || is(2, v), describe: .., text: "1,2" }`
fn one_of(ty: &Type, values: &[Expr]) -> TokenStream {
    let (own, out) = (quote!(__value), quote!(__out));
    let holds = values
        .iter()
        .map(|value| quote_spanned!(value.span()=> __k::Choice::<#ty>::is(&#value, #own)));
    let puts = values
        .iter()
        .map(|value| quote_spanned!(value.span()=> __k::put_choice::<#ty>(&#value, #out);));
    let count = values.len() as u64;
    let text = values
        .iter()
        .map(|value| text::of(value.to_token_stream()))
        .collect::<Vec<_>>();
    let text = text.join(", ");
    quote! {
        __k::Rule::OneOf {
            holds: |__value: &#ty| #(#holds)||*,
            describe: |__out: &mut __k::Vec<u8>| { __k::put_varint(__out, #count); #(#puts)* },
            text: #text,
        }
    }
}
