//! The frame around all output, and the generics that every item in it repeats.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{
    GenericParam, Generics, Ident, ImplGenerics, Lifetime, Path, TypeGenerics, WhereClause,
    parse_quote, parse_quote_spanned, spanned::Spanned,
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
            let needs: Path = match field.access {
                Access::Mutable(_) => parse_quote!(__k::MutableValue),
                Access::Immutable | Access::Private => parse_quote!(__k::Signed),
            };
            frame.require(&field.ty, &needs);
            if plan.may_default(field) {
                frame.require(&field.ty, &parse_quote!(__k::Default));
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

    /// Requires `bound` of a type that mentions a parameter; of others the compiler knows.
    pub fn require(&mut self, ty: &syn::Type, bound: &Path) {
        let mut names = self
            .generics
            .params
            .iter()
            .filter_map(|parameter| match parameter {
                GenericParam::Type(ty) => Some(ty.ident.to_string()),
                GenericParam::Const(constant) => Some(constant.ident.to_string()),
                GenericParam::Lifetime(_) => None,
            });
        if names.any(|name| text::mentions(ty, &name)) {
            let predicate = parse_quote_spanned!(ty.span()=> #ty: #bound);
            self.generics.make_where_clause().predicates.push(predicate);
        }
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
            #[allow(deprecated, reason = "deprecated fields travel like all others")]
            #[allow(unreachable_pub, reason = "the handles are as visible as the fields they speak of")]
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
