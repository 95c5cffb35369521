//! Values of any serde type out of dice: a deserializer that invents what it reads.

use alloc::string::String;
use core::fmt;

use serde::Deserializer;
use serde::de::{self, DeserializeOwned, DeserializeSeed, IntoDeserializer, Visitor};

use super::dice::Dice;

/// A value of the type, if the dice find one that its `Deserialize` takes.
pub(super) fn arbitrary<T: DeserializeOwned>(dice: &mut Dice) -> Option<T> {
    (0..TRIES).find_map(|_| {
        let invent = Invent {
            dice: &mut *dice,
            depth: 0,
        };
        T::deserialize(invent).ok()
    })
}

const TRIES: usize = 300;
/// Types that contain themselves end here, and the next try may be shallower.
const DEEPEST: u8 = 12;

/// The type did not take what was invented; there is nothing to tell about it.
#[derive(Debug)]
pub(super) struct Stuck;

impl fmt::Display for Stuck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the type did not take what was invented")
    }
}

impl core::error::Error for Stuck {}

impl de::Error for Stuck {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

struct Invent<'d> {
    dice: &'d mut Dice,
    depth: u8,
}

impl<'d> Invent<'d> {
    fn elements(self, left: usize) -> Result<Elements<'d>, Stuck> {
        if self.depth >= DEEPEST {
            return Err(Stuck);
        }
        Ok(Elements {
            dice: self.dice,
            depth: self.depth + 1,
            left,
        })
    }

    fn len(&mut self) -> usize {
        let most = 4_usize.saturating_sub(usize::from(self.depth) / 2);
        self.dice.below(most + 1)
    }

    fn text(&mut self) -> String {
        let len = self.dice.below(12);
        (0..len).map(|_| self.dice.char()).collect()
    }

    fn signed(&mut self) -> i64 {
        let size = self.dice.any_size() as i64;
        if self.dice.once_in(2) { size } else { !size }
    }
}

/// So many elements are still to be invented.
struct Elements<'d> {
    dice: &'d mut Dice,
    depth: u8,
    left: usize,
}

impl Elements<'_> {
    fn value<'de, T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Stuck> {
        seed.deserialize(Invent {
            dice: &mut *self.dice,
            depth: self.depth,
        })
    }

    fn next<'de, T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Stuck> {
        let Some(left) = self.left.checked_sub(1) else {
            return Ok(None);
        };
        self.left = left;
        self.value(seed).map(Some)
    }
}

macro_rules! invent {
    ($($method:ident $visit:ident($this:ident) $value:expr;)*) => {$(
        fn $method<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Stuck> {
            let $this = &mut self;
            visitor.$visit($value)
        }
    )*};
}

impl<'de> Deserializer<'de> for Invent<'_> {
    type Error = Stuck;

    invent! {
        deserialize_bool visit_bool(this) this.dice.once_in(2);
        deserialize_i8 visit_i8(this) this.signed() as i8;
        deserialize_i16 visit_i16(this) this.signed() as i16;
        deserialize_i32 visit_i32(this) this.signed() as i32;
        deserialize_i64 visit_i64(this) this.signed();
        deserialize_i128 visit_i128(this) this.dice.wide() as i128;
        deserialize_u8 visit_u8(this) this.dice.word() as u8;
        deserialize_u16 visit_u16(this) this.dice.any_size() as u16;
        deserialize_u32 visit_u32(this) this.dice.any_size() as u32;
        deserialize_u64 visit_u64(this) this.dice.any_size();
        deserialize_u128 visit_u128(this) this.dice.wide();
        deserialize_f32 visit_f32(this) this.dice.float() as f32;
        deserialize_f64 visit_f64(this) this.dice.float();
        deserialize_char visit_char(this) this.dice.char();
        deserialize_str visit_string(this) this.text();
        deserialize_string visit_string(this) this.text();
        deserialize_bytes visit_byte_buf(this) this.text().into_bytes();
        deserialize_byte_buf visit_byte_buf(this) this.text().into_bytes();
    }

    /// The format cannot carry what does not say its type.
    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Stuck> {
        Err(Stuck)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stuck> {
        if self.depth >= DEEPEST || self.dice.once_in(2) {
            return visitor.visit_none();
        }
        visitor.visit_some(Self {
            dice: self.dice,
            depth: self.depth + 1,
        })
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stuck> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Stuck> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Stuck> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Stuck> {
        let len = self.len();
        visitor.visit_seq(self.elements(len)?)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Stuck> {
        visitor.visit_seq(self.elements(len)?)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, Stuck> {
        visitor.visit_seq(self.elements(len)?)
    }

    fn deserialize_map<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Stuck> {
        let len = self.len();
        visitor.visit_map(self.elements(len)?)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Stuck> {
        visitor.visit_seq(self.elements(fields.len())?)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Stuck> {
        visitor.visit_enum(self.elements(variants.len())?)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Stuck> {
        Err(Stuck)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Stuck> {
        Err(Stuck)
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}

impl<'de> de::SeqAccess<'de> for Elements<'_> {
    type Error = Stuck;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Stuck> {
        self.next(seed)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left)
    }
}

impl<'de> de::MapAccess<'de> for Elements<'_> {
    type Error = Stuck;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Stuck> {
        self.next(seed)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Stuck> {
        self.value(seed)
    }
}

impl<'de> de::EnumAccess<'de> for Elements<'_> {
    type Error = Stuck;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Stuck> {
        let index = self.dice.below(self.left) as u32;
        let variant: de::value::U32Deserializer<Stuck> = index.into_deserializer();
        Ok((seed.deserialize(variant)?, self))
    }
}

impl<'de> de::VariantAccess<'de> for Elements<'_> {
    type Error = Stuck;

    fn unit_variant(self) -> Result<(), Stuck> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(mut self, seed: T) -> Result<T::Value, Stuck> {
        self.value(seed)
    }

    fn tuple_variant<V: Visitor<'de>>(mut self, len: usize, visitor: V) -> Result<V::Value, Stuck> {
        self.left = len;
        visitor.visit_seq(self)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Stuck> {
        self.tuple_variant(fields.len(), visitor)
    }
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeMap;
    use alloc::vec::Vec;

    use super::*;

    #[test]
    fn invents_nested_values_and_never_the_same_ones_only() {
        type Nested = BTreeMap<String, Vec<Option<(u8, f64, Result<char, ()>)>>>;
        let mut dice = Dice::new(1);
        let values: Vec<Nested> = (0..40)
            .map(|_| arbitrary(&mut dice).expect("a value"))
            .collect();
        assert!(values.iter().any(|value| value.len() > 1));
        assert!(values.iter().any(BTreeMap::is_empty));
    }

    #[test]
    fn gives_up_on_a_type_that_takes_nothing() {
        #[derive(Debug)]
        struct Never;
        impl<'de> serde::Deserialize<'de> for Never {
            fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
                Err(de::Error::custom("never"))
            }
        }
        assert!(arbitrary::<Never>(&mut Dice::new(1)).is_none());
    }
}
