//! Names that would meet among the generated methods.

use std::collections::HashMap;

use quote::format_ident;
use syn::Ident;
use syn::ext::IdentExt;

use crate::raw::{Raw, RawField};
use crate::report::Report;
use crate::text;

/// The methods of each handle have names of their own.
pub fn do_not_clash(raw: &Raw, report: &mut Report) {
    for methods in [edit_methods, view_methods] {
        let mut taken: HashMap<Ident, &Ident> = HashMap::new();
        for (field, method) in raw
            .fields
            .iter()
            .flat_map(|field| with_field(field, methods))
        {
            if let Some(other) = taken.insert(method.clone(), &field.ident) {
                let other = other.unraw();
                let message = format!(
                    "`{method}()` is also a method of the field `{other}`; rename one of the two fields"
                );
                report.blame(&field.ident, message);
            }
        }
    }
}

/// The type of a field is repeated outside the struct, where `Self` is another type.
pub fn do_not_say_self(raw: &Raw, report: &mut Report) {
    for field in raw
        .fields
        .iter()
        .filter(|field| text::mentions(&field.ty, "Self"))
    {
        let message = format!(
            "write `{}` instead of `Self` in the type of a field",
            raw.ident
        );
        report.blame(&field.ty, message);
    }
}

fn with_field(
    field: &RawField,
    methods: fn(&RawField) -> Vec<Ident>,
) -> impl Iterator<Item = (&RawField, Ident)> {
    methods(field)
        .into_iter()
        .map(move |method| (field, method))
}

fn edit_methods(field: &RawField) -> Vec<Ident> {
    let mut methods = vec![format_ident!("set_{}", field.ident)];
    if !field.has_word("mutable") {
        methods.push(format_ident!("{}_mut", field.ident));
    }
    methods
}

fn view_methods(field: &RawField) -> Vec<Ident> {
    let mut methods = Vec::new();
    if !field.has_word("private") {
        methods.push(field.ident.unraw());
    }
    if field.has_word("mutable") {
        methods.push(format_ident!("set_{}", field.ident));
    }
    methods
}
