//! Names that would meet among the generated methods.

use std::collections::HashMap;

use quote::format_ident;
use syn::Ident;
use syn::ext::IdentExt;

use crate::raw::Raw;
use crate::report::Report;

/// Setters and accessors of all fields have names of their own.
pub fn do_not_clash(raw: &Raw, report: &mut Report) {
    let mut taken: HashMap<String, &Ident> = HashMap::new();
    for field in &raw.fields {
        for method in methods(&field.ident) {
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
        .filter(|field| crate::text::mentions(&field.ty, "Self"))
    {
        let message = format!(
            "write `{}` instead of `Self` in the type of a field",
            raw.ident
        );
        report.blame(&field.ty, message);
    }
}

fn methods(field: &Ident) -> [String; 3] {
    [
        field.unraw().to_string(),
        format_ident!("set_{}", field).to_string(),
        format_ident!("{}_mut", field).to_string(),
    ]
}
