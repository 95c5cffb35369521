//! What the keyless client sees: everything but the private fields, and setters for what it may change.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;
use syn::ext::IdentExt;

use super::frame::Frame;
use super::{field_constant, limits};
use crate::plan::{Access, Field, Plan};

/// The name of the type.
pub fn name(plan: &Plan) -> Ident {
    format_ident!("__{}View", plan.ident)
}

/// The name of a field in the view, where it cannot meet the view's own.
pub fn slot(field: &Ident) -> Ident {
    format_ident!("f_{}", field)
}

/// ```text
/// pub struct __ShopView<'__j> { f_customer: u64, .., __overlay: &'__j mut (dyn Overlay + Send), .. }
/// impl __ShopView<'_> { pub fn customer(&self) -> &u64 { .. } }
/// ```
pub fn view(plan: &Plan, frame: &Frame) -> TokenStream {
    let (vis, state, name) = (&plan.vis, &plan.ident, name(plan));
    let own = frame.header();
    let (_, arguments, _) = own.split();
    let borrowing = frame.borrowing("'__j");
    let (generics, applied, wheres) = borrowing.split_for_impl();
    let doc = format!("What a client sees of `{state}`.");
    let open = || {
        plan.fields
            .iter()
            .filter(|field| !matches!(field.access, Access::Private))
    };
    let slots = open().map(|field| slot(&field.ident));
    let types = open().map(slot_type);
    let methods = open().map(|field| methods(plan, field, &quote!(<#state #arguments>)));
    let puts = (0..plan.tiers.len()).filter_map(|tier| put_tier(plan, tier));
    quote! {
        #[doc = #doc]
        #vis struct #name #borrowing #wheres {
            #(#slots: #types,)*
            __overlay: &'__j mut (dyn __k::Overlay + __k::Send),
            __state: __k::PhantomData<fn() -> #state #arguments>,
        }
        #[automatically_derived]
        impl #generics #name #applied #wheres { #(#methods)* #(#puts)* }
    }
}

/// A derived value is there once the client has supplied it.
fn slot_type(field: &Field) -> TokenStream {
    let ty = &field.ty;
    match field.is_derived() {
        true => quote!(__k::Option<#ty>),
        false => quote!(#ty),
    }
}

fn methods(plan: &Plan, field: &Field, owner: &TokenStream) -> TokenStream {
    let getter = match field.is_derived() {
        true => derived_getter(field),
        false => getter(field),
    };
    let setter = field.bound().map(|_| setter(plan, field, owner));
    quote!(#getter #setter)
}

fn getter(field: &Field) -> TokenStream {
    let Field { ident, vis, ty, .. } = field;
    let slot = slot(ident);
    let doc = format!("The value of `{}`.", ident.unraw());
    quote! {
        #[doc = #doc]
        #[inline]
        #vis fn #ident(&self) -> &#ty {
            &self.#slot
        }
    }
}

fn derived_getter(field: &Field) -> TokenStream {
    let Field { ident, vis, ty, .. } = field;
    let slot = slot(ident);
    let doc = format!(
        "The value of `{}`, if this client has supplied it.",
        ident.unraw()
    );
    quote! {
        #[doc = #doc]
        #[inline]
        #vis fn #ident(&self) -> __k::Option<&#ty> {
            __k::Option::as_ref(&self.#slot)
        }
    }
}

/// The same check and the same error as on the server.
fn setter(plan: &Plan, field: &Field, owner: &TokenStream) -> TokenStream {
    let Field { ident, vis, ty, .. } = field;
    let setter = format_ident!("set_{}", ident);
    let name = ident.unraw().to_string();
    let of_view = |name: &Ident| {
        let slot = self::slot(name);
        quote!(&self.#slot)
    };
    let check = limits::check(field, owner, of_view, &quote!(&value));
    let keep = keep(plan, field);
    let doc = format!("Sets `{name}` if the value is within its bound.");
    quote! {
        #[doc = #doc]
        ///
        /// # Errors
        ///
        /// The value is outside; nothing was changed.
        #vis fn #setter(&mut self, value: #ty) -> __k::Result<(), __k::OutOfRange> {
            #check
            #keep
            __k::Ok(())
        }
    }
}

/// Puts the value into its slot, and beside the issued bytes.
fn keep(plan: &Plan, field: &Field) -> TokenStream {
    let (slot, ty) = (slot(&field.ident), &field.ty);
    if !field.is_derived() {
        let put = put_name(field.tier);
        return quote!(self.#slot = value; self.#put(););
    }
    let row = field_constant(plan, &field.ident);
    quote! {
        __k::Overlay::put_derived(&mut *self.__overlay, #row, &mut |__out| {
            <#ty as __k::MutableValue>::write(&value, __out);
        });
        self.#slot = __k::Some(value);
    }
}

fn put_name(tier: u8) -> Ident {
    format_ident!("__put_tier_{}", tier)
}

/// Writes all mutable values of one tier beside the issued bytes.
fn put_tier(plan: &Plan, tier: usize) -> Option<TokenStream> {
    let mutable: Vec<_> = plan
        .sent_in(tier)
        .filter(|field| field.bound().is_some())
        .collect();
    let tier = tier as u8;
    let name = put_name(tier);
    let values: Vec<_> = mutable.iter().map(|field| slot(&field.ident)).collect();
    let types = mutable.iter().map(|field| &field.ty);
    (!mutable.is_empty()).then(|| {
        quote! {
            fn #name(&mut self) {
                #(let #values = &self.#values;)*
                __k::Overlay::put(&mut *self.__overlay, __k::tier(#tier), &mut |__out| {
                    #(<#types as __k::MutableValue>::write(#values, __out);)*
                });
            }
        }
    })
}
