//! The frame around all output, and the generics that every item in it repeats.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{
    Generics, Ident, ImplGenerics, Lifetime, Path, Type, TypeGenerics, WhereClause, parse_quote,
    parse_quote_spanned, spanned::Spanned,
};

use crate::plan::{Access, Plan};
use crate::text;

/// The path of the library, and the generics with what the fields' types need.
pub struct Frame {
    root: Path,
    generics: Generics,
}

/// Generics, split as an impl wants them.
pub struct Header<'f>(ImplGenerics<'f>, TypeGenerics<'f>, Option<&'f WhereClause>);

impl Frame {
    /// The frame of a state: types that mention a parameter must be what their class needs.
    pub fn of_state(plan: &Plan) -> Self {
        let mut frame = Self::new(plan.options.root.clone(), plan.generics.clone());
        for field in &plan.fields {
            match field.access {
                Access::Mutable(_) | Access::Derived(_) => {
                    frame.require_of_parameters(&field.ty, &parse_quote!(__k::MutableValue))
                }
                _ => frame.require_if_generic(&field.ty, &parse_quote!(__k::Signed)),
            }
            if field.approx.is_some() {
                frame.require_of_parameters(&field.ty, &parse_quote!(__k::Approximate));
            }
            if plan.may_default(field) {
                frame.require_if_generic(&field.ty, &parse_quote!(__k::Default));
            }
        }
        frame
    }

    /// A frame whose type parameters borrow nothing.
    pub fn new(root: Path, mut generics: Generics) -> Self {
        let parameters: Vec<Ident> = generics.type_params().map(|ty| ty.ident.clone()).collect();
        let wheres = generics.make_where_clause();
        for parameter in parameters {
            wheres.predicates.push(parse_quote!(#parameter: 'static));
        }
        Self { root, generics }
    }

    /// Requires `bound` of a type that mentions a type parameter. For `[u8; N]` the compiler knows it, and would forget the
    /// type of its numbers if it were told again.
    pub fn require_of_parameters(&mut self, ty: &Type, bound: &Path) {
        if self
            .generics
            .type_params()
            .any(|parameter| text::mentions(ty, &parameter.ident))
        {
            self.require(ty, bound);
        }
    }

    /// Requires `bound` of a type that mentions a parameter; of others the compiler knows whether they have it.
    pub fn require_if_generic(&mut self, ty: &Type, bound: &Path) {
        let constants = self
            .generics
            .const_params()
            .map(|parameter| &parameter.ident);
        let types = self
            .generics
            .type_params()
            .map(|parameter| &parameter.ident);
        if types
            .chain(constants)
            .any(|parameter| text::mentions(ty, parameter))
        {
            self.require(ty, bound);
        }
    }

    fn require(&mut self, ty: &Type, bound: &Path) {
        let predicate = parse_quote_spanned!(ty.span()=> #ty: #bound);
        self.generics.make_where_clause().predicates.push(predicate);
    }

    /// Whether the struct has no parameters, so that the compiler can judge constants at once.
    pub fn is_concrete(&self) -> bool {
        self.generics.params.is_empty()
    }

    /// The generics of an impl for the struct.
    pub fn header(&self) -> Header<'_> {
        let (generics, arguments, wheres) = self.generics.split_for_impl();
        Header(generics, arguments, wheres)
    }

    /// The generics with a lifetime in front, for the types that borrow from session or jar.
    pub fn borrowing(&self, lifetime: &str) -> Generics {
        let lifetime = Lifetime::new(lifetime, Span::call_site());
        let mut generics = self.generics.clone();
        generics.params.insert(0, parse_quote!(#lifetime));
        generics
    }

    /// A borrowing type with the struct's arguments: `__ShopEdit<'__s, T>`.
    pub fn applied(&self, name: &Ident, lifetime: &str) -> TokenStream {
        let generics = self.borrowing(lifetime);
        let (_, arguments, _) = generics.split_for_impl();
        quote!(#name #arguments)
    }

    /// `const _: () = { .. };` with the library at hand.
    pub fn around(&self, items: TokenStream) -> TokenStream {
        let root = &self.root;
        quote! {
            #[doc(hidden)]
            #[allow(dead_code, reason = "a program need not call every setter and accessor")]
            #[allow(deprecated, reason = "deprecated fields travel like all others")]
            #[allow(nonstandard_style, reason = "names are made from the user's, whatever they are like")]
            #[allow(unreachable_pub, reason = "the handles are as visible as the fields they speak of")]
            #[allow(unused_parens, reason = "a rewritten bound has more of them than were typed")]
            #[allow(clippy::all, clippy::pedantic, clippy::restriction, clippy::nursery, reason = "style is the macro's own affair")]
            const _: () = {
                use #root::private as __k;
                #items
            };
        }
    }
}

impl<'f> Header<'f> {
    /// The three parts.
    pub fn split(&self) -> (&impl ToTokens, &impl ToTokens, &impl ToTokens) {
        (&self.0, &self.1, &self.2)
    }
}
