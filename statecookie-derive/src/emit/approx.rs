//! What was last issued of the approximated fields, and how far the present values are from it.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Ident, Index};

use super::assertion;
use super::frame::Frame;
use crate::plan::{Approx, Field, Plan};

/// Tolerances that can be judged before any state exists:
///
/// ```text
/// const __TOLERANCE_OF_YAW: __k::Tolerance<Leaf> = { let __tolerance: Leaf = 1.0; .. };
/// const _: () = __k::assert!(__TOLERANCE_OF_YAW.is_sound(), "..");
/// ```
pub fn tolerances(plan: &Plan, frame: &Frame) -> TokenStream {
    if !frame.is_concrete() {
        return TokenStream::new();
    }
    let constants = plan.approximated().map(|(field, approx)| {
        let (constant, leaf, value) = (constant(field), leaf(field), tolerance(field, approx));
        let message =
            "a tolerance is above zero, and less than half of `wrap`: nothing would ever be sent, or all of it";
        let judged = assertion::item(&approx.tolerance, &quote!(#constant.is_sound()), message);
        quote!(const #constant: __k::Tolerance<#leaf> = #value; #judged)
    });
    constants.collect()
}

/// `type Issued`, `__issued`, `__put`, `__note` and `__strayed`; without approximated fields the first two, of nothing.
pub fn methods(plan: &Plan, frame: &Frame) -> TokenStream {
    let fields: Vec<_> = plan.approximated().collect();
    let types = fields.iter().map(|(field, _)| &field.ty);
    let values = fields.iter().map(|(field, _)| &field.ident);
    let changes = changes(plan, frame);
    quote! {
        type Issued = (#(#types,)*);
        fn __issued(&self) -> Self::Issued {
            (#(self.#values,)*)
        }
        #changes
    }
}

fn changes(plan: &Plan, frame: &Frame) -> TokenStream {
    let fields: Vec<_> = plan.approximated().collect();
    if fields.is_empty() {
        return TokenStream::new();
    }
    let values = fields.iter().map(|(field, _)| &field.ident);
    let notes = each(&fields, |field, place, _| {
        let (ident, tier) = (&field.ident, field.tier);
        quote!(if __tiers.contains(__k::tier(#tier)) { __issued.#place = self.#ident; })
    });
    let strays = each(&fields, |field, place, approx| {
        let (ident, ty, tier) = (&field.ident, &field.ty, field.tier);
        let tolerance = match frame.is_concrete() {
            true => {
                let constant = constant(field);
                quote!(&#constant)
            }
            false => {
                let value = tolerance(field, approx);
                quote!(&#value)
            }
        };
        let far = quote_spanned!(ty.span()=> __k::Approximate::strays);
        quote! {
            if #far(&self.#ident, &__issued.#place, #tolerance, __exactly) {
                __strayed.insert(__k::tier(#tier));
            }
        }
    });
    quote! {
        fn __put(&mut self, __issued: Self::Issued) {
            (#(self.#values,)*) = __issued;
        }
        #[inline]
        fn __note(&self, __issued: &mut Self::Issued, __tiers: __k::TierSet) {
            #(#notes)*
        }
        #[inline]
        fn __strayed(&self, __issued: &Self::Issued, __exactly: bool) -> __k::TierSet {
            let mut __strayed = __k::TierSet::EMPTY;
            #(#strays)*
            __strayed
        }
    }
}

fn each(
    fields: &[(&Field, &Approx)],
    write: impl Fn(&Field, Index, &Approx) -> TokenStream,
) -> Vec<TokenStream> {
    let numbered = fields.iter().enumerate();
    numbered
        .map(|(place, (field, approx))| write(field, Index::from(place), approx))
        .collect()
}

fn constant(field: &Field) -> Ident {
    format_ident!(
        "__TOLERANCE_OF_{}",
        field.ident.unraw().to_string().to_uppercase()
    )
}

fn leaf(field: &Field) -> TokenStream {
    let ty = &field.ty;
    quote_spanned!(ty.span()=> <#ty as __k::Approximate>::Number)
}

/// The `let`s make a type mismatch an error of the number itself.
fn tolerance(field: &Field, approx: &Approx) -> TokenStream {
    let (leaf, tolerance) = (leaf(field), &approx.tolerance);
    let wrap = match &approx.wrap {
        Some(wrap) => quote!(__k::Some({ let __wrap: #leaf = #wrap; __wrap })),
        None => quote!(__k::None),
    };
    quote!({ let __tolerance: #leaf = #tolerance; __k::Tolerance::new(__tolerance, #wrap) })
}
