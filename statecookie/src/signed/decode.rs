//! Reading: strict, bounded, and only what [`encode`](super::encode) writes.

use serde::Deserializer;
use serde::de::{self, DeserializeOwned, DeserializeSeed, IntoDeserializer, Visitor};

use super::{Fault, covered, deeper};
use crate::bytes::Reader;
use crate::error::Malformed;

/// Reads a value from the front of `input`; on error `input` stands anywhere.
///
/// # Errors
///
/// Anything but the one byte string of a value of the type.
pub(crate) fn decode<T: DeserializeOwned>(input: &mut Reader<'_>) -> Result<T, Malformed> {
    let decoder = Decoder {
        input,
        depth: 0,
        owed: 0,
    };
    T::deserialize(decoder).map_err(|Fault(cause)| cause)
}

/// [`decode`] of a type that is known only at run time.
#[cfg(feature = "outside")]
pub(crate) fn decode_seed<'de, S: DeserializeSeed<'de>>(
    seed: S,
    input: &mut Reader<'de>,
) -> Result<S::Value, Malformed> {
    let decoder = Decoder {
        input,
        depth: 0,
        owed: 0,
    };
    seed.deserialize(decoder).map_err(|Fault(cause)| cause)
}

struct Decoder<'r, 'de> {
    input: &'r mut Reader<'de>,
    depth: u8,
    /// How many elements the sequences around this value still want, of a byte each: bytes on which nothing inside may
    /// reserve memory once more. Else each of 64 levels could claim all that is left.
    owed: usize,
}

/// What has elements: they are one level below it.
struct Elements<'r, 'de> {
    input: &'r mut Reader<'de>,
    depth: u8,
    left: usize,
    counted: bool,
    owed: usize,
}

impl<'r, 'de> Decoder<'r, 'de> {
    fn number<T: TryFrom<u64>>(self) -> Result<T, Fault> {
        T::try_from(self.input.varint()?).map_err(|_| Fault(Malformed::Overflow))
    }

    fn zigzag<T: TryFrom<i64>>(self) -> Result<T, Fault> {
        let coded = self.input.varint()?;
        let value = (coded >> 1) as i64 ^ -((coded & 1) as i64);
        T::try_from(value).map_err(|_| Fault(Malformed::Overflow))
    }

    fn slice(self) -> Result<&'de [u8], Fault> {
        let len = self.input.length()?;
        Ok(self.input.take(len)?)
    }

    fn text(self) -> Result<&'de str, Fault> {
        core::str::from_utf8(self.slice()?).map_err(|_| Fault(Malformed::BadValue))
    }

    fn inside(self) -> Result<Self, Fault> {
        let depth = deeper(self.depth)?;
        Ok(Self { depth, ..self })
    }

    fn fixed<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Fault> {
        let Self { input, depth, owed } = self.inside()?;
        let mut elements = Elements {
            input,
            depth,
            left: len,
            counted: false,
            owed,
        };
        let value = visitor.visit_seq(&mut elements)?;
        elements.all_taken()?;
        Ok(value)
    }

    fn counted<V: Visitor<'de>>(
        self,
        visit: impl FnOnce(&mut Elements<'_, 'de>) -> Result<V::Value, Fault>,
    ) -> Result<V::Value, Fault> {
        let Self { input, depth, owed } = self.inside()?;
        let count = input.length()?;
        let bytes = input.len();
        let mut elements = Elements {
            input,
            depth,
            left: count,
            counted: true,
            owed,
        };
        let value = visit(&mut elements)?;
        elements.all_taken()?;
        covered(count, bytes - input.len())?;
        Ok(value)
    }
}

impl<'de> Elements<'_, 'de> {
    fn next<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        let Some(left) = self.left.checked_sub(1) else {
            return Ok(None);
        };
        self.left = left;
        self.value(seed).map(Some)
    }

    fn value<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Fault> {
        let own = if self.counted { self.left } else { 0 };
        seed.deserialize(Decoder {
            input: self.input,
            depth: self.depth,
            owed: self.owed.saturating_add(own),
        })
    }

    /// What is left of the count, as far as there are bytes that no sequence around it wants.
    fn hint(&self) -> Option<usize> {
        let free = self.input.len().saturating_sub(self.owed);
        Some(self.left.min(free))
    }

    /// A visitor that stops early would leave its elements to whoever reads next.
    fn all_taken(&self) -> Result<(), Fault> {
        if self.left == 0 {
            Ok(())
        } else {
            Err(Fault(Malformed::BadValue))
        }
    }
}

impl<'de> Deserializer<'de> for Decoder<'_, 'de> {
    type Error = Fault;

    /// The bytes do not say their type.
    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Fault> {
        Err(Fault(Malformed::Unsupported))
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.input.byte()? {
            0 => visitor.visit_bool(false),
            1 => visitor.visit_bool(true),
            _ => Err(Fault(Malformed::BadValue)),
        }
    }

    fn deserialize_i8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_i8(i8::from_le_bytes(self.input.array()?))
    }

    fn deserialize_i16<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_i16(self.zigzag()?)
    }

    fn deserialize_i32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_i32(self.zigzag()?)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_i64(self.zigzag()?)
    }

    fn deserialize_i128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let coded = self.input.varint128()?;
        visitor.visit_i128((coded >> 1) as i128 ^ -((coded & 1) as i128))
    }

    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_u8(self.input.byte()?)
    }

    fn deserialize_u16<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_u16(self.number()?)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_u32(self.number()?)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_u64(self.number()?)
    }

    fn deserialize_u128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_u128(self.input.varint128()?)
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_f32(f32::from_le_bytes(self.input.array()?))
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_f64(f64::from_le_bytes(self.input.array()?))
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let mut chars = self.text()?.chars();
        match (chars.next(), chars.next()) {
            (Some(only), None) => visitor.visit_char(only),
            _ => Err(Fault(Malformed::BadValue)),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_borrowed_str(self.text()?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_borrowed_bytes(self.slice()?)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.input.byte()? {
            0 => visitor.visit_none(),
            1 => visitor.visit_some(self.inside()?),
            _ => Err(Fault(Malformed::BadValue)),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self.inside()?)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.counted::<V>(|elements| visitor.visit_seq(elements))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Fault> {
        self.fixed(len, visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.fixed(len, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.counted::<V>(|elements| visitor.visit_map(elements))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.fixed(fields.len(), visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_enum(self)
    }

    /// Names do not travel.
    fn deserialize_identifier<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Fault> {
        Err(Fault(Malformed::Unsupported))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Fault> {
        Err(Fault(Malformed::Unsupported))
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}

impl<'de> de::SeqAccess<'de> for &mut Elements<'_, 'de> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Fault> {
        self.next(seed)
    }

    fn size_hint(&self) -> Option<usize> {
        self.hint()
    }
}

impl<'de> de::MapAccess<'de> for &mut Elements<'_, 'de> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Fault> {
        self.next(seed)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        self.value(seed)
    }

    fn size_hint(&self) -> Option<usize> {
        self.hint()
    }
}

impl<'de> de::EnumAccess<'de> for Decoder<'_, 'de> {
    type Error = Fault;
    type Variant = Self;

    /// The type's own `Deserialize` knows its variants and refuses an index beyond them.
    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Fault> {
        let index = u32::try_from(self.input.varint()?).map_err(|_| Fault(Malformed::Overflow))?;
        let variant = seed.deserialize(IntoDeserializer::<Fault>::into_deserializer(index))?;
        Ok((variant, self))
    }
}

impl<'de> de::VariantAccess<'de> for Decoder<'_, 'de> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Fault> {
        seed.deserialize(self.inside()?)
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Fault> {
        self.fixed(len, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.fixed(fields.len(), visitor)
    }
}
