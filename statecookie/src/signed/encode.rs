//! Writing: serde's data model in postcard's format.

use alloc::vec::Vec;

use serde::ser::{self, Serialize};

use super::{Fault, covered, deeper};
use crate::bytes::{make_room, put_varint, put_varint128, varint_len, varint128_len};
use crate::error::Malformed;

/// Appends a value; on error what was appended so far stays.
///
/// # Errors
///
/// The value nests too deeply, holds a sequence that its elements' bytes do not cover or a skipped field, or its own
/// `Serialize` refuses.
pub(crate) fn encode<T: Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) -> Result<(), Malformed> {
    value
        .serialize(Encoder { out, depth: 0 })
        .map_err(|Fault(cause)| cause)
}

struct Encoder<'o> {
    out: &'o mut Vec<u8>,
    depth: u8,
}

/// What has elements: they are one level below it.
struct Elements<'o> {
    out: &'o mut Vec<u8>,
    depth: u8,
    count: Count,
}

/// How many elements there are to be.
enum Count {
    /// As many as the type has: no count is written.
    OfType,
    /// So many were announced, and the elements' bytes begin there.
    Announced {
        count: usize,
        written: usize,
        start: usize,
    },
    /// Nobody knows before the end; the count goes in front of the bytes from there on.
    Unknown { written: usize, start: usize },
}

impl<'o> Encoder<'o> {
    fn put(self, bytes: &[u8]) -> Result<(), Fault> {
        make_room(self.out, bytes.len());
        self.out.extend_from_slice(bytes);
        Ok(())
    }

    fn varint(self, value: u64) -> Result<(), Fault> {
        put_number(self.out, value);
        Ok(())
    }

    fn varint128(self, value: u128) -> Result<(), Fault> {
        make_room(self.out, varint128_len(value));
        put_varint128(self.out, value);
        Ok(())
    }

    /// 0, -1, 1, -2, ... become 0, 1, 2, 3, ...
    fn zigzag(self, value: i64) -> Result<(), Fault> {
        self.varint((value << 1 ^ value >> 63) as u64)
    }

    fn inside(self) -> Result<Self, Fault> {
        let depth = deeper(self.depth)?;
        Ok(Self { depth, ..self })
    }

    fn fixed(self) -> Result<Elements<'o>, Fault> {
        let Self { out, depth } = self.inside()?;
        Ok(Elements {
            out,
            depth,
            count: Count::OfType,
        })
    }

    fn counted(self, len: Option<usize>) -> Result<Elements<'o>, Fault> {
        let Self { out, depth } = self.inside()?;
        if let Some(count) = len {
            put_number(out, count as u64);
        }
        let start = out.len();
        let count = match len {
            Some(count) => Count::Announced {
                count,
                written: 0,
                start,
            },
            None => Count::Unknown { written: 0, start },
        };
        Ok(Elements { out, depth, count })
    }

    fn variant(self, index: u32) -> Self {
        put_number(self.out, u64::from(index));
        self
    }
}

impl<'o> ser::Serializer for Encoder<'o> {
    type Ok = ();
    type Error = Fault;
    type SerializeSeq = Elements<'o>;
    type SerializeTuple = Elements<'o>;
    type SerializeTupleStruct = Elements<'o>;
    type SerializeTupleVariant = Elements<'o>;
    type SerializeMap = Elements<'o>;
    type SerializeStruct = Elements<'o>;
    type SerializeStructVariant = Elements<'o>;

    fn serialize_bool(self, v: bool) -> Result<(), Fault> {
        self.put(&[u8::from(v)])
    }

    fn serialize_i8(self, v: i8) -> Result<(), Fault> {
        self.put(&v.to_le_bytes())
    }

    fn serialize_i16(self, v: i16) -> Result<(), Fault> {
        self.zigzag(v.into())
    }

    fn serialize_i32(self, v: i32) -> Result<(), Fault> {
        self.zigzag(v.into())
    }

    fn serialize_i64(self, v: i64) -> Result<(), Fault> {
        self.zigzag(v)
    }

    fn serialize_i128(self, v: i128) -> Result<(), Fault> {
        self.varint128((v << 1 ^ v >> 127) as u128)
    }

    fn serialize_u8(self, v: u8) -> Result<(), Fault> {
        self.put(&[v])
    }

    fn serialize_u16(self, v: u16) -> Result<(), Fault> {
        self.varint(v.into())
    }

    fn serialize_u32(self, v: u32) -> Result<(), Fault> {
        self.varint(v.into())
    }

    fn serialize_u64(self, v: u64) -> Result<(), Fault> {
        self.varint(v)
    }

    fn serialize_u128(self, v: u128) -> Result<(), Fault> {
        self.varint128(v)
    }

    fn serialize_f32(self, v: f32) -> Result<(), Fault> {
        self.put(&v.to_le_bytes())
    }

    fn serialize_f64(self, v: f64) -> Result<(), Fault> {
        self.put(&v.to_le_bytes())
    }

    fn serialize_char(self, v: char) -> Result<(), Fault> {
        self.serialize_str(v.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, v: &str) -> Result<(), Fault> {
        self.serialize_bytes(v.as_bytes())
    }

    fn serialize_bytes(self, v: &[u8]) -> Result<(), Fault> {
        put_number(self.out, v.len() as u64);
        self.put(v)
    }

    fn serialize_none(self) -> Result<(), Fault> {
        self.put(&[0])
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Fault> {
        put_number(self.out, 1);
        value.serialize(self.inside()?)
    }

    fn serialize_unit(self) -> Result<(), Fault> {
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Fault> {
        Ok(())
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        index: u32,
        _: &'static str,
    ) -> Result<(), Fault> {
        self.varint(index.into())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Fault> {
        value.serialize(self.inside()?)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        index: u32,
        _: &'static str,
        value: &T,
    ) -> Result<(), Fault> {
        value.serialize(self.variant(index).inside()?)
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<Elements<'o>, Fault> {
        self.counted(len)
    }

    fn serialize_tuple(self, _: usize) -> Result<Elements<'o>, Fault> {
        self.fixed()
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Elements<'o>, Fault> {
        self.fixed()
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        index: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Elements<'o>, Fault> {
        self.variant(index).fixed()
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Elements<'o>, Fault> {
        self.counted(len)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Elements<'o>, Fault> {
        self.fixed()
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        index: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Elements<'o>, Fault> {
        self.variant(index).fixed()
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}

impl Elements<'_> {
    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
        value.serialize(Encoder {
            out: self.out,
            depth: self.depth,
        })
    }

    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
        if let Count::Announced { written, .. } | Count::Unknown { written, .. } = &mut self.count {
            *written += 1;
        }
        self.value(value)
    }

    fn finish(self) -> Result<(), Fault> {
        match self.count {
            Count::OfType => Ok(()),
            Count::Announced {
                count,
                written,
                start,
            } if count == written => covered(count, self.out.len() - start),
            Count::Announced { .. } => Err(Fault(Malformed::Unsupported)),
            Count::Unknown { written, start } => {
                covered(written, self.out.len() - start)?;
                insert_varint(self.out, start, written as u64);
                Ok(())
            }
        }
    }
}

fn put_number(out: &mut Vec<u8>, value: u64) {
    make_room(out, varint_len(value));
    put_varint(out, value);
}

/// Moves what stands behind `start` to make room for a varint.
fn insert_varint(out: &mut Vec<u8>, start: usize, value: u64) {
    let end = out.len();
    put_number(out, value);
    if let Some(moved) = out.get_mut(start..) {
        moved.rotate_left(end - start);
    }
}

/// A field skipped at run time would be missing for the reader, who cannot know.
fn no_skipping() -> Result<(), Fault> {
    Err(Fault(Malformed::Unsupported))
}

impl ser::SerializeSeq for Elements<'_> {
    type Ok = ();
    type Error = Fault;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
        self.element(value)
    }

    fn end(self) -> Result<(), Fault> {
        self.finish()
    }
}

impl ser::SerializeTuple for Elements<'_> {
    type Ok = ();
    type Error = Fault;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
        self.element(value)
    }

    fn end(self) -> Result<(), Fault> {
        Ok(())
    }
}

impl ser::SerializeTupleStruct for Elements<'_> {
    type Ok = ();
    type Error = Fault;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
        self.element(value)
    }

    fn end(self) -> Result<(), Fault> {
        Ok(())
    }
}

impl ser::SerializeTupleVariant for Elements<'_> {
    type Ok = ();
    type Error = Fault;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
        self.element(value)
    }

    fn end(self) -> Result<(), Fault> {
        Ok(())
    }
}

impl ser::SerializeMap for Elements<'_> {
    type Ok = ();
    type Error = Fault;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Fault> {
        self.element(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
        self.value(value)
    }

    fn end(self) -> Result<(), Fault> {
        self.finish()
    }
}

impl ser::SerializeStruct for Elements<'_> {
    type Ok = ();
    type Error = Fault;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Fault> {
        self.element(value)
    }

    fn skip_field(&mut self, _: &'static str) -> Result<(), Fault> {
        no_skipping()
    }

    fn end(self) -> Result<(), Fault> {
        Ok(())
    }
}

impl ser::SerializeStructVariant for Elements<'_> {
    type Ok = ();
    type Error = Fault;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Fault> {
        self.element(value)
    }

    fn skip_field(&mut self, _: &'static str) -> Result<(), Fault> {
        no_skipping()
    }

    fn end(self) -> Result<(), Fault> {
        Ok(())
    }
}
