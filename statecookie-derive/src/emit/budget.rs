//! `max_cookie_len`, where the compiler knows the size of every field of a tier.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Expr, GenericArgument, PathArguments, Type};

use super::assertion;
use super::bounds::lengths;
use super::frame::Frame;
use crate::plan::{Access, Field, Plan};

/// What a cookie takes beside its values.
const ROOT_OVERHEAD: usize = 72;
const CHILD_OVERHEAD: usize = 33;

/// Types whose signed encoding is that of a mutable value, and of a known size.
const SCALARS: [&str; 16] = [
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32",
    "u64", "u128", "usize",
];

/// `const _: () = __k::assert!(__k::longest_cookie(33, &[(shape, &[])], &[], 16) <= 128, "..");` for each tier.
pub fn assertions(plan: &Plan, frame: &Frame) -> TokenStream {
    let Some(max) = plan
        .options
        .max_cookie_len
        .as_ref()
        .filter(|_| frame.is_concrete())
    else {
        return TokenStream::new();
    };
    (0..plan.tiers.len())
        .filter_map(|tier| assertion(plan, tier, max))
        .collect()
}

fn assertion(plan: &Plan, tier: usize, max: &Expr) -> Option<TokenStream> {
    if !plan.sent_in(tier).all(has_known_size) {
        return None;
    }
    let overhead = if tier == plan.root() {
        ROOT_OVERHEAD
    } else {
        CHILD_OVERHEAD
    };
    let (private, open): (Vec<_>, Vec<_>) = plan
        .sent_in(tier)
        .partition(|field| matches!(field.access, Access::Private));
    let open = open.into_iter().map(size);
    let private = private.into_iter().map(size);
    let pad = plan.options.pad;
    let tier = plan.tiers.get(tier)?.declared;
    let message = format!(
        "a cookie of tier {tier} may be longer than `max_cookie_len`: raise it, or move a field"
    );
    let longest =
        quote!(__k::longest_cookie(#overhead, &[#(#open),*], &[#(#private),*], #pad) <= #max);
    Some(assertion::item(max, &longest, &message))
}

fn size(field: &Field) -> TokenStream {
    let ty = &field.ty;
    let lengths = field.bound().map_or_else(|| quote!(&[]), lengths);
    quote!((<#ty as __k::MutableValue>::SHAPE, #lengths))
}

/// Mutable fields all have one; of the signed ones those that are made of scalars.
fn has_known_size(field: &Field) -> bool {
    matches!(field.access, Access::Mutable(_)) || is_of_scalars(&field.ty)
}

fn is_of_scalars(ty: &Type) -> bool {
    match ty {
        Type::Array(array) => is_of_scalars(&array.elem),
        Type::Group(group) => is_of_scalars(&group.elem),
        Type::Paren(paren) => is_of_scalars(&paren.elem),
        Type::Path(path) => {
            let Some(last) = path.path.segments.last().filter(|_| path.qself.is_none()) else {
                return false;
            };
            match &last.arguments {
                PathArguments::None => path.path.get_ident().is_some_and(is_scalar),
                PathArguments::AngleBracketed(list) => {
                    last.ident == "Option"
                        && path.path.segments.len() == 1
                        && list.args.iter().all(|argument| {
                            matches!(argument, GenericArgument::Type(ty) if is_of_scalars(ty))
                        })
                }
                PathArguments::Parenthesized(_) => false,
            }
        }
        _ => false,
    }
}

fn is_scalar(name: &syn::Ident) -> bool {
    let name = name.to_token_stream().to_string();
    SCALARS.contains(&name.as_str())
}
