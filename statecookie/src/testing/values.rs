//! Values of mutable fields out of dice: inside their bound, with its ends more often than chance, or just outside.

use alloc::vec::Vec;

use super::dice::Dice;
use crate::bytes::{Reader, put_prefixed, put_varint, put_varint128};
use crate::range::{Bound, Rule};
use crate::value::{Leaf, MutableValue, Shape};

/// A value within `bound`, if the dice find one.
pub(super) fn inside<T: MutableValue>(dice: &mut Dice, bound: &Bound<T>) -> Option<T> {
    let choices = choices(bound);
    (0..TRIES).find_map(|_| {
        let bytes = if choices.is_empty() {
            Writer::new(dice, ends(bound), false).write(&T::SHAPE, bound.lengths)
        } else {
            choices[dice.below(choices.len())].clone()
        };
        let value = T::read(&mut Reader::new(&bytes), bound.lengths).ok()?;
        bound.holds(&value).then_some(value)
    })
}

/// A value that the type has and `bound` does not hold, if the dice find one.
pub(super) fn outside<T: MutableValue>(dice: &mut Dice, bound: &Bound<T>) -> Option<T> {
    let longer: Vec<usize> = bound
        .lengths
        .iter()
        .map(|len| len.saturating_add(1))
        .collect();
    (0..TRIES / 4).find_map(|_| {
        let bytes = Writer::new(dice, ends(bound), true).write(&T::SHAPE, &longer);
        let value = T::read(&mut Reader::new(&bytes), &longer).ok()?;
        (!bound.holds(&value)).then_some(value)
    })
}

const TRIES: usize = 2_000;
/// Longer collections are not tried, however long they may be.
const LONGEST: usize = 40;

/// The encoded members of a `one_of`.
fn choices<T: MutableValue>(bound: &Bound<T>) -> Vec<Vec<u8>> {
    let Rule::OneOf { describe, .. } = &bound.rule else {
        return Vec::new();
    };
    let mut listed = Vec::new();
    describe(&mut listed);
    let mut input = Reader::new(&listed);
    let count = input.varint().unwrap_or(0);
    let member = |_| {
        let len = input.length().ok()?;
        Some(input.take(len).ok()?.to_vec())
    };
    (0..count).map_while(member).collect()
}

/// The encoded least and greatest number of a range.
type Ends = (Vec<u8>, Vec<u8>);

fn ends<T: MutableValue>(bound: &Bound<T>) -> Option<Ends> {
    let Rule::Range(interval) = &bound.rule else {
        return None;
    };
    let (least, greatest) = <T::Leaf as Leaf>::LIMITS?;
    let (mut low, mut high) = (Vec::new(), Vec::new());
    interval.low.unwrap_or(least).put(&mut low);
    interval.high.unwrap_or(greatest).put(&mut high);
    Some((low, high))
}

/// A scalar as the dice calculate with it: durations as nanoseconds, characters as their number.
#[derive(Clone, Copy, Debug)]
enum Number {
    Whole(i128),
    Float(f64),
}

/// Writes invented bytes along a shape.
struct Writer<'d> {
    dice: &'d mut Dice,
    ends: Option<Ends>,
    /// Steps over the ends and over lengths.
    beyond: bool,
    /// Everything as small as it gets: bounds inside a nested struct are not in its shape, and small values fit most.
    small: bool,
    out: Vec<u8>,
}

impl<'d> Writer<'d> {
    fn new(dice: &'d mut Dice, ends: Option<Ends>, beyond: bool) -> Self {
        Self {
            small: dice.once_in(8),
            dice,
            ends,
            beyond,
            out: Vec::new(),
        }
    }

    fn write(mut self, shape: &Shape, lengths: &[usize]) -> Vec<u8> {
        self.shape(shape, lengths);
        self.out
    }

    fn shape(&mut self, shape: &Shape, lengths: &[usize]) {
        match shape {
            Shape::Scalar(name, _) => self.scalar(name),
            Shape::Text => self.text(lengths),
            Shape::Array(len, item) => (0..*len).for_each(|_| self.shape(item, lengths)),
            Shape::Sequence(item) => self.sequence(item, lengths),
            Shape::Option(item) => {
                let some = !self.small && !self.dice.once_in(3);
                self.out.push(u8::from(some));
                if some {
                    self.shape(item, lengths);
                }
            }
            Shape::Enum(names) => {
                let variant = self.dice.below(names.len() + usize::from(self.beyond));
                put_varint(&mut self.out, variant as u64);
            }
            Shape::Struct(fields) => {
                let ends = self.ends.take();
                for (_, shape, lengths) in *fields {
                    self.shape(shape, lengths);
                }
                self.ends = ends;
            }
        }
    }

    fn len(&mut self, lengths: &[usize]) -> usize {
        let most = lengths.first().copied().unwrap_or(0).min(LONGEST);
        match self.dice.below(4) {
            _ if self.small => 0,
            0 => most,
            1 => self.dice.below(most + 1),
            _ => self.dice.below(most.min(3) + 1),
        }
    }

    fn text(&mut self, lengths: &[usize]) {
        let len = self.len(lengths);
        let mut text = alloc::string::String::new();
        while text.len() < len {
            text.push(self.dice.char());
        }
        // The last character may have been a long one.
        while text.len() > len {
            text.pop();
        }
        put_prefixed(&mut self.out, text.as_bytes());
    }

    fn sequence(&mut self, item: &Shape, lengths: &[usize]) {
        let len = self.len(lengths);
        put_varint(&mut self.out, len as u64);
        let inner = lengths.get(1..).unwrap_or(&[]);
        (0..len).for_each(|_| self.shape(item, inner));
    }

    fn scalar(&mut self, name: &str) {
        let (least, greatest) = type_ends(name);
        let ends = self.ends.as_ref();
        let low = ends.and_then(|(low, _)| decode(name, low)).unwrap_or(least);
        let high = ends
            .and_then(|(_, high)| decode(name, high))
            .unwrap_or(greatest);
        let number = match (low, high) {
            (Number::Float(low), Number::Float(high)) => Number::Float(self.float(low, high)),
            (Number::Whole(low), Number::Whole(high)) => Number::Whole(self.whole(low, high)),
            (low, _) => low,
        };
        encode(name, number, &mut self.out);
    }

    fn whole(&mut self, low: i128, high: i128) -> i128 {
        let span = high.wrapping_sub(low) as u128;
        match self.dice.below(9) {
            0 if self.beyond => low.saturating_sub(1),
            1 if self.beyond => high.saturating_add(1),
            _ if self.small => low.max(0).min(high),
            0 | 1 => low,
            2 | 3 => high,
            4 => low.saturating_add(1).min(high),
            5 => high.saturating_sub(1).max(low),
            6 | 7 => i128::from(self.dice.any_size() >> 1).clamp(low, high.max(low)),
            _ => low.wrapping_add((self.dice.wide() % span.max(1)) as i128),
        }
    }

    fn float(&mut self, low: f64, high: f64) -> f64 {
        let part = self.dice.below(1001) as f64 / 1000.0;
        match self.dice.below(9) {
            0 if self.beyond => {
                [f64::NAN, f64::INFINITY, low - 1.0, high + 1.0][self.dice.below(4)]
            }
            1 if self.beyond => [
                f64::from((low as f32).next_down()),
                f64::from((high as f32).next_up()),
            ][self.dice.below(2)],
            _ if self.small => 0.0_f64.max(low).min(high),
            0 | 1 => low,
            2 => high,
            3 => f64::from((high as f32).next_down()),
            4 | 5 => self.dice.float().max(low).min(high),
            _ => low * (1.0 - part) + high * part,
        }
    }
}

/// The ends of a scalar type, as far as the dice go.
fn type_ends(name: &str) -> (Number, Number) {
    let (low, high) = match name {
        "u8" => (0, i128::from(u8::MAX)),
        "u16" => (0, i128::from(u16::MAX)),
        "u32" => (0, i128::from(u32::MAX)),
        "u64" => (0, i128::from(u64::MAX)),
        "i8" => (i8::MIN.into(), i8::MAX.into()),
        "i16" => (i16::MIN.into(), i16::MAX.into()),
        "i32" => (i32::MIN.into(), i32::MAX.into()),
        "i64" => (i64::MIN.into(), i64::MAX.into()),
        "i128" => (i128::MIN, i128::MAX),
        "bool" => (0, 1),
        "char" => (0, i128::from(u32::from(char::MAX))),
        "duration" => (0, core::time::Duration::MAX.as_nanos() as i128),
        "f32" => {
            return (
                Number::Float(f32::MIN.into()),
                Number::Float(f32::MAX.into()),
            );
        }
        "f64" => return (Number::Float(f64::MIN), Number::Float(f64::MAX)),
        _ => (0, i128::MAX),
    };
    (Number::Whole(low), Number::Whole(high))
}

fn decode(name: &str, bytes: &[u8]) -> Option<Number> {
    fn read<T: MutableValue>(bytes: &[u8]) -> Option<T> {
        T::read(&mut Reader::new(bytes), &[]).ok()
    }
    let whole = match name {
        "f32" => return Some(Number::Float(read::<f32>(bytes)?.into())),
        "f64" => return read(bytes).map(Number::Float),
        "u8" => read::<u8>(bytes)?.into(),
        "i8" => read::<i8>(bytes)?.into(),
        "u16" | "u32" | "u64" => read::<u64>(bytes)?.into(),
        "i16" | "i32" | "i64" => read::<i64>(bytes)?.into(),
        "u128" => i128::try_from(read::<u128>(bytes)?).unwrap_or(i128::MAX),
        "i128" => read(bytes)?,
        "char" => u32::from(read::<char>(bytes)?).into(),
        "duration" => read::<core::time::Duration>(bytes)?.as_nanos() as i128,
        _ => return None,
    };
    Some(Number::Whole(whole))
}

fn encode(name: &str, number: Number, out: &mut Vec<u8>) {
    match (name, number) {
        ("f32", Number::Float(float)) => (float as f32).write(out),
        (_, Number::Float(float)) => float.write(out),
        ("u8" | "i8" | "bool", Number::Whole(whole)) => out.push(whole as u8),
        ("u16" | "u32" | "u64" | "u128", Number::Whole(whole)) => put_varint128(out, whole as u128),
        ("i16" | "i32" | "i64", Number::Whole(whole)) => (whole as i64).write(out),
        ("char", Number::Whole(whole)) => char::from_u32(whole as u32).unwrap_or('x').write(out),
        ("duration", Number::Whole(whole)) => {
            let nanos = whole.max(0) as u128;
            let secs = u64::try_from(nanos / 1_000_000_000).unwrap_or(u64::MAX);
            core::time::Duration::new(secs, (nanos % 1_000_000_000) as u32).write(out);
        }
        (_, Number::Whole(whole)) => whole.write(out),
    }
}
