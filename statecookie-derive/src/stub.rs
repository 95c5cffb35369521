//! What stands in for the generated code after a mistake, so that the rest of the program stays quiet. It never runs.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{DeriveInput, Ident};

use crate::check;
use crate::emit::frame::Frame;
use crate::raw::{self, Raw, RawField};
use crate::report::Report;

/// A state whose setters exist and whose table is blank.
pub fn state(raw: &Raw) -> TokenStream {
    if raw.generics.lifetimes().next().is_some() {
        return TokenStream::new();
    }
    let frame = Frame::new(check::crate_root_of(&raw.options), raw.generics.clone());
    let header = frame.header();
    let (generics, arguments, wheres) = header.split();
    let name = &raw.ident;
    let (edit_name, view_name) = (
        format_ident!("__{}Edit", name),
        format_ident!("__{}View", name),
    );
    let edit = handle(raw, &frame, &edit_name, edit_methods);
    let view = handle(raw, &frame, &view_name, view_methods);
    let types = (
        frame.applied(&edit_name, "'__s"),
        frame.applied(&view_name, "'__s"),
    );
    let body = state_body(&types.0, &types.1);
    frame.around(quote! {
        #[automatically_derived]
        impl #generics __k::StateCookie for #name #arguments #wheres { #body }
        #edit
        #view
    })
}

/// A mutable value of no shape.
pub fn value(input: &DeriveInput) -> TokenStream {
    if input.generics.lifetimes().next().is_some() {
        return TokenStream::new();
    }
    let options = raw::options(&input.attrs, &mut Report::default());
    let frame = Frame::new(check::crate_root_of(&options), input.generics.clone());
    let header = frame.header();
    let (generics, arguments, wheres) = header.split();
    let name = &input.ident;
    frame.around(quote! {
        #[automatically_derived]
        impl #generics __k::MutableValue for #name #arguments #wheres {
            type Leaf = __k::NoLeaf;
            const SHAPE: __k::Shape = __k::Shape::Text;
            fn write(&self, _: &mut __k::Vec<u8>) { __k::broken() }
            fn read(_: &mut __k::Reader<'_>, _: &[usize]) -> __k::Result<Self, __k::Malformed> { __k::broken() }
            fn leaves(&self, _: impl __k::FnMut(&__k::NoLeaf) -> bool) -> bool { __k::broken() }
            fn fits(&self, _: &[usize]) -> bool { __k::broken() }
            fn intact(&self) -> bool { __k::broken() }
        }
    })
}

fn state_body(edit: &TokenStream, view: &TokenStream) -> TokenStream {
    quote! {
        const TABLE: __k::Table = __k::BROKEN;
        type Stamps = [__k::Stamp; 1];
        type Issued = ();
        fn __issued(&self) { __k::broken() }
        type Edit<'__s> = #edit;
        type View<'__s> = #view;
        fn __write(&self, _: __k::Tier, _: __k::Class, _: &mut __k::Vec<u8>) -> __k::Result<(), __k::EncodeError> { __k::broken() }
        fn __read<__R: __k::Source>(_: &mut __R) -> __k::Result<Self, __R::Error> { __k::broken() }
        fn __check(&self, _: __k::TierSet) -> __k::Result<(), __k::OutOfRange> { __k::broken() }
        fn __check_signed_bounds(&self, _: __k::TierSet) -> __k::Result<(), __k::OutOfRange> { __k::broken() }
        fn __validate(&self) -> __k::Result<(), __k::Invalid> { __k::broken() }
        fn __bounds<__V: __k::BoundVisitor>(_: &mut __V) -> __k::Result<(), __V::Error> { __k::broken() }
        fn __edit<'__s>(&'__s mut self, _: &'__s mut __k::TierSet) -> Self::Edit<'__s> { __k::broken() }
        fn __view<'__s, __R: __k::Source>(_: &mut __R, _: &'__s mut (dyn __k::Overlay + __k::Send)) -> __k::Result<Self::View<'__s>, __R::Error> { __k::broken() }
    }
}

/// A borrowing type with a method for whatever the program may call.
fn handle(
    raw: &Raw,
    frame: &Frame,
    name: &Ident,
    methods: fn(&RawField) -> Vec<(Ident, TokenStream)>,
) -> TokenStream {
    let (vis, state) = (&raw.vis, &raw.ident);
    let own = frame.header();
    let (_, arguments, _) = own.split();
    let borrowing = frame.borrowing("'__s");
    let (generics, applied, wheres) = borrowing.split_for_impl();
    let methods = each_name_once(raw.fields.iter().flat_map(methods));
    quote! {
        #vis struct #name #borrowing #wheres {
            __state: __k::PhantomData<&'__s mut #state #arguments>,
        }
        #[automatically_derived]
        impl #generics #name #applied #wheres { #(#[doc(hidden)] #methods)* }
    }
}

fn edit_methods(field: &RawField) -> Vec<(Ident, TokenStream)> {
    let RawField { ident, vis, ty, .. } = field;
    let (setter, access) = (
        format_ident!("set_{}", ident),
        format_ident!("{}_mut", ident),
    );
    let outcome = match field.has_word("mutable") {
        true => quote!(-> __k::Result<(), __k::OutOfRange>),
        false => TokenStream::new(),
    };
    let set = quote!(#vis fn #setter(&mut self, _: #ty) #outcome { __k::broken() });
    let change = quote!(#vis fn #access(&mut self) -> &mut #ty { __k::broken() });
    vec![(setter, set), (access, change)]
}

fn view_methods(field: &RawField) -> Vec<(Ident, TokenStream)> {
    let RawField { ident, vis, ty, .. } = field;
    let setter = format_ident!("set_{}", ident);
    let shown = match field.says_derived() {
        true => quote!(__k::Option<&#ty>),
        false => quote!(&#ty),
    };
    let get = quote!(#vis fn #ident(&self) -> #shown { __k::broken() });
    let set = quote! {
        #vis fn #setter(&mut self, _: #ty) -> __k::Result<(), __k::OutOfRange> { __k::broken() }
    };
    vec![(ident.clone(), get), (setter, set)]
}

/// Names that clash are blamed elsewhere; here the first one will do.
fn each_name_once(methods: impl Iterator<Item = (Ident, TokenStream)>) -> Vec<TokenStream> {
    let mut names = HashSet::new();
    methods
        .filter(|(name, _)| names.insert(name.clone()))
        .map(|(_, method)| method)
        .collect()
}
