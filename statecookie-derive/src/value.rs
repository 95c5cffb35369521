//! The second derive: `MutableValue` for field-less enums and for structs of bounded fields.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Data, DataEnum, DeriveInput, Fields, Generics, Ident, Path, Type};

use crate::check::{self, bound};
use crate::emit::bounds::{self, Bounded};
use crate::emit::frame::Frame;
use crate::entry::Entry;
use crate::plan::Bound;
use crate::raw::{self, RawField};
use crate::report::Report;

/// A checked type.
pub struct Plan {
    ident: Ident,
    generics: Generics,
    root: Path,
    kind: Kind,
}

enum Kind {
    Enum(Vec<Ident>),
    Struct(Vec<Field>),
}

struct Field {
    ident: Ident,
    ty: Type,
    bound: Bound,
}

/// Reads and checks the type.
pub fn read(input: &DeriveInput, report: &mut Report) -> Option<Plan> {
    let options = raw::options(&input.attrs, report);
    let root = check::crate_root(&options, report);
    check::owns_its_data(&input.generics, report);
    let kind = match &input.data {
        Data::Enum(data) => variants(input, data, report).map(Kind::Enum),
        Data::Struct(data) => fields(input, &data.fields, report).map(Kind::Struct),
        Data::Union(_) => {
            report.blame(
                &input.ident,
                "a mutable value is a field-less enum or a struct with named fields, not a union",
            );
            None
        }
    };
    Some(Plan {
        ident: input.ident.clone(),
        generics: input.generics.clone(),
        root,
        kind: kind?,
    })
}

/// Writes `impl MutableValue for ..` and, for a struct, the functions of its bounds.
pub fn emit(plan: &Plan) -> TokenStream {
    let mut frame = Frame::new(plan.root.clone(), plan.generics.clone());
    if let Kind::Struct(fields) = &plan.kind {
        fields.iter().for_each(|field| {
            frame.require_of_parameters(&field.ty, &syn::parse_quote!(__k::MutableValue))
        });
    }
    let (body, extra) = match &plan.kind {
        Kind::Enum(variants) => (enum_body(variants), TokenStream::new()),
        Kind::Struct(fields) => (struct_body(fields), struct_bounds(plan, fields, &frame)),
    };
    let (name, header) = (&plan.ident, frame.header());
    let (generics, arguments, wheres) = header.split();
    frame.around(quote! {
        #extra
        #[automatically_derived]
        impl #generics __k::MutableValue for #name #arguments #wheres {
            type Leaf = __k::NoLeaf;
            #body
            #[inline]
            fn leaves(&self, _: impl __k::FnMut(&__k::NoLeaf) -> bool) -> bool { true }
            #[inline]
            fn fits(&self, _: &[usize]) -> bool { true }
        }
    })
}

/// Variants without fields: the index is all that travels.
fn variants(input: &DeriveInput, data: &DataEnum, report: &mut Report) -> Option<Vec<Ident>> {
    if data.variants.is_empty() {
        report.blame(
            &input.ident,
            "an enum without variants has no value; add one",
        );
        return None;
    }
    let mut variants = Vec::new();
    for variant in &data.variants {
        if !matches!(variant.fields, Fields::Unit) {
            report.blame(&variant.ident, "a variant of a mutable enum has no fields; use a struct, or make the field `#[immutable]`");
        }
        variants.push(variant.ident.clone());
    }
    Some(variants)
}

fn fields(input: &DeriveInput, fields: &Fields, report: &mut Report) -> Option<Vec<Field>> {
    if matches!(fields, Fields::Unnamed(_)) {
        report.blame(&input.ident, "a mutable value is a field-less enum or a struct with named fields, not a tuple struct");
        return None;
    }
    let raw = raw::named(fields, report);
    let checked: Vec<_> = raw.iter().map(|field| checked(field, report)).collect();
    checked.into_iter().collect()
}

/// Each field declares its bound; other words of a state's field have no meaning here.
fn checked(raw: &RawField, report: &mut Report) -> Option<Field> {
    let mut bound = None;
    let mut is_blamed = false;
    for entry in &raw.entries {
        match entry {
            Entry::Keyed(key, given) if key == "mutable" && bound.is_none() => {
                bound = bound::check(key, given, &bound::Scope::Value { field: raw }, report).bound;
                is_blamed = bound.is_none();
            }
            Entry::Keyed(key, _) => {
                is_blamed = true;
                report.blame(key, "a field of a mutable value declares just its bound, once: `#[mutable(range = 0..=9)]`");
            }
            Entry::Bare(value) => {
                is_blamed = true;
                report.blame(value, "write the bound: `#[mutable(range = 0..=9)]`");
            }
        }
    }
    if bound.is_none() && !is_blamed {
        report.blame(&raw.ident, "a field of a mutable value needs a bound: write `#[mutable(range = 0..=9)]` above it, or `#[mutable(any)]` for every value of its type");
    }
    Some(Field {
        ident: raw.ident.clone(),
        ty: raw.ty.clone(),
        bound: bound?,
    })
}

fn enum_body(variants: &[Ident]) -> TokenStream {
    let names = variants.iter().map(|variant| variant.unraw().to_string());
    let indices: Vec<u64> = (0..variants.len() as u64).collect();
    quote! {
        const SHAPE: __k::Shape = __k::Shape::Enum(&[#(#names),*]);
        #[inline]
        fn write(&self, __out: &mut __k::Vec<u8>) {
            __k::put_varint(__out, match self { #(Self::#variants => #indices,)* });
        }
        #[inline]
        fn read(__input: &mut __k::Reader<'_>, _: &[usize]) -> __k::Result<Self, __k::Malformed> {
            match __input.varint()? {
                #(#indices => __k::Ok(Self::#variants),)*
                _ => __k::Err(__k::Malformed::BadValue),
            }
        }
        #[inline]
        fn intact(&self) -> bool { true }
    }
}

fn struct_body(fields: &[Field]) -> TokenStream {
    let shape = struct_shape(fields);
    let (this, out) = (quote!(self), quote!(__out));
    let write = fields.iter().map(|Field { ident, ty, .. }| {
        quote_spanned!(ty.span()=> <#ty as __k::MutableValue>::write(&#this.#ident, #out);)
    });
    let read = struct_read(fields);
    let intact = fields.iter().map(|Field { ident, .. }| {
        let bound = bounds::function_name(ident);
        quote!(&& Self::#bound().holds(&self.#ident))
    });
    let describe = struct_describe(fields);
    quote! {
        #shape
        fn write(&self, __out: &mut __k::Vec<u8>) { #(#write)* }
        #read
        fn intact(&self) -> bool { true #(#intact)* }
        #describe
    }
}

/// `const SHAPE: __k::Shape = __k::Shape::Struct(&[("x", <f32 as ..>::SHAPE, &[])]);`
fn struct_shape(fields: &[Field]) -> TokenStream {
    let rows = fields.iter().map(|Field { ident, ty, bound }| {
        let (name, lengths) = (ident.unraw().to_string(), bounds::lengths(bound));
        quote!((#name, <#ty as __k::MutableValue>::SHAPE, #lengths))
    });
    quote!(const SHAPE: __k::Shape = __k::Shape::Struct(&[#(#rows),*]);)
}

/// Reads each field within its lengths, and refuses what is outside its bound at once.
fn struct_read(fields: &[Field]) -> TokenStream {
    let names: Vec<_> = fields.iter().map(|field| &field.ident).collect();
    let locals: Vec<_> = names
        .iter()
        .map(|name| format_ident!("__f_{}", name))
        .collect();
    let takes = fields
        .iter()
        .zip(&locals)
        .map(|(Field { ident, ty, .. }, local)| {
            let bound = bounds::function_name(ident);
            quote!(let #local = __k::take_inner::<#ty>(__input, &Self::#bound())?;)
        });
    quote! {
        fn read(__input: &mut __k::Reader<'_>, _: &[usize]) -> __k::Result<Self, __k::Malformed> {
            #(#takes)*
            __k::Ok(Self { #(#names: #locals),* })
        }
    }
}

fn struct_describe(fields: &[Field]) -> TokenStream {
    let count = fields.len() as u64;
    let rows = fields.iter().map(|Field { ident, ty, .. }| {
        let (name, bound) = (ident.unraw().to_string(), bounds::function_name(ident));
        quote! {
            __k::put_prefixed(__out, #name.as_bytes());
            __k::describe_field::<#ty>(#name, &Self::#bound(), __out)?;
        }
    });
    quote! {
        fn describe(__out: &mut __k::Vec<u8>) -> __k::Result<(), __k::EmptyRange> {
            __k::put_varint(__out, 6);
            __k::put_varint(__out, #count);
            #(#rows)*
            __k::Ok(())
        }
    }
}

fn struct_bounds(plan: &Plan, fields: &[Field], frame: &Frame) -> TokenStream {
    let bounded = || {
        fields
            .iter()
            .map(|Field { ident, ty, bound }| Bounded { ident, ty, bound })
    };
    let ranges = bounds::ranges(bounded(), frame);
    let functions = bounded().map(|field| bounds::function(&field, |_| TokenStream::new(), frame));
    let (name, header) = (&plan.ident, frame.header());
    let (generics, arguments, wheres) = header.split();
    quote! {
        #ranges
        #[automatically_derived]
        impl #generics #name #arguments #wheres { #(#functions)* }
    }
}
