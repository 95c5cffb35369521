//! Pins what a derive cannot see, the inside of serde types: a recording deserializer traces every signed field.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::Deserializer;
use serde::de::{self, DeserializeSeed, IntoDeserializer, Visitor};

use crate::range::Bound;
use crate::schema::{Field, Source, StateCookie};
use crate::tier::Class;
use crate::value::MutableValue;

/// The shape of every signed field of `S`, one line each: what its type asks of the format, down to fields and variants.
///
/// Mutable fields are not in it, because their shape is in the schema's description already. A type that contains itself
/// is followed for eight levels, and an enum for 64 variants.
///
/// ```
/// # use statecookie::StateCookie;
/// # use statecookie::testing::shape_of;
/// #[derive(StateCookie)]
/// #[statecookie(version = 1, tier(0, valid_for = "10m"))]
/// struct Visit {
///     #[tier(0)]
///     #[private]
///     account: (u64, Option<String>),
/// }
/// assert_eq!(shape_of::<Visit>(), "account: (u64, option string)\n");
/// ```
pub fn shape_of<S: StateCookie>() -> String {
    let mut fields = String::new();
    for field in S::TABLE.fields {
        if matches!(field.class, Class::Immutable | Class::Private) {
            let shape = field_shape::<S>(field);
            fields.push_str(&format!("{}: {shape}\n", field.name));
        }
    }
    fields
}

/// Fails where the shape of a signed field has changed and `version` was not raised: old cookies would be misread.
///
/// `version` and `expected` are what stood in the test when the schema was released; raise both together.
///
/// # Panics
///
/// Version or shape is another one; the message shows the present shape and what to do.
pub fn assert_shape<S: StateCookie>(version: u32, expected: &str) {
    let (name, now, found) = (S::TABLE.name, S::TABLE.version, shape_of::<S>());
    assert!(
        now != version || found == expected,
        "the shape of `{name}` has changed: raise `version` above {version}. It is now\n{found}"
    );
    assert!(
        now == version,
        "`{name}` has version {now}, the test says {version}: put this shape and version there\n{found}"
    );
}

/// The shape of one field; the ones before it are filled by chance, since `__read` goes in order.
fn field_shape<S: StateCookie>(field: &'static Field) -> String {
    let mut dice = super::dice::Dice::new(1);
    for _ in 0..50 {
        let mut find = Find {
            dice: &mut dice,
            field,
            shape: None,
        };
        let _ = S::__read(&mut find);
        if let Some(shape) = find.shape {
            return shape;
        }
    }
    String::from("?")
}

/// Stops at one field and keeps its shape.
struct Find<'d> {
    dice: &'d mut super::dice::Dice,
    field: &'static Field,
    shape: Option<String>,
}

impl Source for Find<'_> {
    type Error = Stop;

    fn signed<T>(&mut self, field: &'static Field) -> Result<T, Stop>
    where
        T: serde::Serialize + serde::de::DeserializeOwned,
    {
        if field.name == self.field.name {
            self.shape = Some(shapes::<T>());
            return Err(Stop);
        }
        super::arbitrary::arbitrary(self.dice).ok_or(Stop)
    }

    fn mutable<T: MutableValue>(&mut self, _: &'static Field, bound: &Bound<T>) -> Result<T, Stop> {
        super::values::inside(self.dice, bound).ok_or(Stop)
    }

    fn mutable_or_default<T: MutableValue + Default>(
        &mut self,
        field: &'static Field,
        bound: &Bound<T>,
    ) -> Result<T, Stop> {
        self.mutable(field, bound)
    }
}

/// The shapes of a type for the first, second, ... variant of its enums, each once.
fn shapes<T: serde::de::DeserializeOwned>() -> String {
    let mut seen: Vec<String> = Vec::new();
    for variant in 0..MOST_VARIANTS {
        let mut out = String::new();
        let _ = T::deserialize(Record::new(&mut out, 0, variant));
        if !seen.contains(&out) {
            seen.push(out);
        }
    }
    seen.join(" / ")
}

const MOST_VARIANTS: usize = 64;

/// The recording is over, or cannot go on here.
#[derive(Debug)]
struct Stop;

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the recording stopped")
    }
}

impl core::error::Error for Stop {}

impl de::Error for Stop {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

const DEEPEST: u8 = 8;

/// Writes down what a type asks for, and gives it the plainest value.
struct Record<'o> {
    out: &'o mut String,
    depth: u8,
    /// The variant taken of every enum, as far as it has so many.
    variant: usize,
}

impl<'o> Record<'o> {
    fn new(out: &'o mut String, depth: u8, variant: usize) -> Self {
        Self {
            out,
            depth,
            variant,
        }
    }

    fn note(&mut self, word: &str) {
        self.out.push_str(word);
    }

    /// Records `count` parts between brackets; names stand before them where there are any.
    fn parts<'de, V: Visitor<'de>>(
        self,
        names: &'o [&'static str],
        count: usize,
        visitor: V,
    ) -> Result<V::Value, Stop> {
        if self.depth >= DEEPEST {
            self.out.push_str("..");
            return Err(Stop);
        }
        self.out.push('(');
        let value = visitor.visit_seq(Parts {
            out: &mut *self.out,
            depth: self.depth + 1,
            variant: self.variant,
            names,
            count,
            next: 0,
        });
        self.out.push(')');
        value
    }
}

macro_rules! record {
    ($($method:ident $visit:ident $word:literal $value:expr;)*) => {$(
        fn $method<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Stop> {
            self.note($word);
            visitor.$visit($value)
        }
    )*};
}

impl<'de> Deserializer<'de> for Record<'_> {
    type Error = Stop;

    record! {
        deserialize_bool visit_bool "bool" false;
        deserialize_i8 visit_i8 "i8" 1;
        deserialize_i16 visit_i16 "i16" 1;
        deserialize_i32 visit_i32 "i32" 1;
        deserialize_i64 visit_i64 "i64" 1;
        deserialize_i128 visit_i128 "i128" 1;
        deserialize_u8 visit_u8 "u8" 1;
        deserialize_u16 visit_u16 "u16" 1;
        deserialize_u32 visit_u32 "u32" 1;
        deserialize_u64 visit_u64 "u64" 1;
        deserialize_u128 visit_u128 "u128" 1;
        deserialize_f32 visit_f32 "f32" 1.0;
        deserialize_f64 visit_f64 "f64" 1.0;
        deserialize_char visit_char "char" 'a';
        deserialize_str visit_str "string" "";
        deserialize_string visit_str "string" "";
        deserialize_bytes visit_bytes "bytes" &[];
        deserialize_byte_buf visit_bytes "bytes" &[];
    }

    fn deserialize_any<V: Visitor<'de>>(mut self, _: V) -> Result<V::Value, Stop> {
        self.note("any");
        Err(Stop)
    }

    fn deserialize_option<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Stop> {
        self.note("option ");
        if self.depth >= DEEPEST {
            self.note("..");
            return visitor.visit_none();
        }
        visitor.visit_some(Self::new(self.out, self.depth + 1, self.variant))
    }

    fn deserialize_unit<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Stop> {
        self.note("unit");
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        mut self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Stop> {
        self.note(name);
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        mut self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Stop> {
        self.note(name);
        self.note(" ");
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Stop> {
        self.note("seq ");
        self.parts(&[], 1, visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Stop> {
        self.parts(&[], len, visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        mut self,
        name: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, Stop> {
        self.note(name);
        self.parts(&[], len, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Stop> {
        self.note("map (");
        let parts = Parts {
            out: &mut *self.out,
            depth: self.depth + 1,
            variant: self.variant,
            names: &[],
            count: if self.depth < DEEPEST { 2 } else { 0 },
            next: 0,
        };
        let value = visitor.visit_map(parts);
        self.note(")");
        value
    }

    fn deserialize_struct<V: Visitor<'de>>(
        mut self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Stop> {
        self.note(name);
        self.parts(fields, fields.len(), visitor)
    }

    /// The names of all variants, and the inside of one: only one can be visited for one value.
    fn deserialize_enum<V: Visitor<'de>>(
        mut self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Stop> {
        self.variant = self.variant.min(variants.len().saturating_sub(1));
        let taken = variants.get(self.variant).unwrap_or(&"");
        self.note(&format!("{name} {}: {taken} ", variants.join("|")));
        visitor.visit_enum(self)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Stop> {
        Err(Stop)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Stop> {
        Err(Stop)
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}

/// The parts of a tuple, struct, sequence or map under record.
struct Parts<'o> {
    out: &'o mut String,
    depth: u8,
    variant: usize,
    names: &'o [&'static str],
    count: usize,
    next: usize,
}

impl Parts<'_> {
    fn part<'de, T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Stop> {
        if self.next > 0 {
            self.out.push_str(", ");
        }
        if let Some(name) = self.names.get(self.next) {
            self.out.push_str(name);
            self.out.push_str(": ");
        }
        self.next += 1;
        seed.deserialize(Record::new(self.out, self.depth, self.variant))
    }
}

impl<'de> de::SeqAccess<'de> for Parts<'_> {
    type Error = Stop;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Stop> {
        if self.next >= self.count {
            return Ok(None);
        }
        self.part(seed).map(Some)
    }
}

impl<'de> de::MapAccess<'de> for Parts<'_> {
    type Error = Stop;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Stop> {
        if self.next >= self.count {
            return Ok(None);
        }
        self.part(seed).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Stop> {
        self.part(seed)
    }
}

impl<'de> de::EnumAccess<'de> for Record<'_> {
    type Error = Stop;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Stop> {
        let taken: de::value::U32Deserializer<Stop> = (self.variant as u32).into_deserializer();
        Ok((seed.deserialize(taken)?, self))
    }
}

impl<'de> de::VariantAccess<'de> for Record<'_> {
    type Error = Stop;

    fn unit_variant(self) -> Result<(), Stop> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Stop> {
        if self.depth >= DEEPEST {
            return Err(Stop);
        }
        seed.deserialize(Self::new(self.out, self.depth + 1, self.variant))
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Stop> {
        self.parts(&[], len, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Stop> {
        self.parts(fields, fields.len(), visitor)
    }
}
