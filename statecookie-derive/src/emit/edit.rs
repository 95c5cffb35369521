//! The setters of the server: each marks its field's tier.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;
use syn::ext::IdentExt;

use super::frame::Frame;
use super::limits;
use crate::plan::{Field, Plan};

/// The name of the type.
pub fn name(plan: &Plan) -> Ident {
    format_ident!("__{}Edit", plan.ident)
}

/// ```text
/// pub struct __ShopEdit<'__s> { __state: &'__s mut Shop, __touched: &'__s mut __k::TierSet }
/// impl __ShopEdit<'_> { pub fn set_quality(&mut self, value: u8) -> Result<..> { .. } }
/// ```
pub fn edit(plan: &Plan, frame: &Frame) -> TokenStream {
    let (vis, state, name) = (&plan.vis, &plan.ident, name(plan));
    let own = frame.header();
    let (_, arguments, _) = own.split();
    let borrowing = frame.borrowing("'__s");
    let (generics, applied, wheres) = borrowing.split_for_impl();
    let doc = format!("The setters of `{state}`; each marks the tier of its field as touched.");
    let methods = plan.fields.iter().map(|field| match field.bound() {
        Some(_) => bounded_setter(field, &quote!(<#state #arguments>)),
        None => plain_setters(field),
    });
    quote! {
        #[doc = #doc]
        #vis struct #name #borrowing #wheres {
            __state: &'__s mut #state #arguments,
            __touched: &'__s mut __k::TierSet,
        }
        #[automatically_derived]
        impl #generics #name #applied #wheres { #(#methods)* }
    }
}

/// The bound is held against the value before anything changes.
fn bounded_setter(field: &Field, owner: &TokenStream) -> TokenStream {
    let Field { ident, vis, ty, .. } = field;
    let touch = touch(field);
    let setter = format_ident!("set_{}", ident);
    let check = limits::check(
        field,
        owner,
        |name| quote!(&self.__state.#name),
        &quote!(&value),
    );
    let doc = format!("Sets `{}` if the value is within its bound.", ident.unraw());
    quote! {
        #[doc = #doc]
        ///
        /// # Errors
        ///
        /// The value is outside; nothing was changed.
        #[inline]
        #vis fn #setter(&mut self, value: #ty) -> __k::Result<(), __k::OutOfRange> {
            #check
            self.__state.#ident = value;
            #touch
            __k::Ok(())
        }
    }
}

/// The server's own fields: the client cannot change them, so any value will do.
fn plain_setters(field: &Field) -> TokenStream {
    let Field { ident, vis, ty, .. } = field;
    let touch = touch(field);
    let (setter, access) = (
        format_ident!("set_{}", ident),
        format_ident!("{}_mut", ident),
    );
    let setter_doc = format!("Sets `{}`.", ident.unraw());
    let access_doc = format!("`{}` to be changed in place.", ident.unraw());
    quote! {
        #[doc = #setter_doc]
        #[inline]
        #vis fn #setter(&mut self, value: #ty) {
            self.__state.#ident = value;
            #touch
        }
        #[doc = #access_doc]
        #[inline]
        #vis fn #access(&mut self) -> &mut #ty {
            #touch
            &mut self.__state.#ident
        }
    }
}

/// A change marks the tier; an approximated value is held against what was issued, when it is time to issue, and a derived
/// one is never issued.
fn touch(field: &Field) -> TokenStream {
    let tier = field.tier;
    if field.approx.is_some() || field.is_derived() {
        return TokenStream::new();
    }
    quote!(self.__touched.insert(__k::tier(#tier));)
}
