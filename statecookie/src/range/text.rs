//! How a bound reads in an error: `0..=4`, `at most 16 bytes`, `one of "EUR", "USD"`.

use core::fmt;

use super::{Bound, Rule};
use crate::value::{MutableValue, Shape};

impl<T: MutableValue> fmt::Display for Bound<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.rule, self.lengths) {
            (rule, []) => write!(f, "{rule}"),
            (Rule::Any, lengths) => write_lengths(f, &T::SHAPE, lengths),
            (rule, lengths) => {
                write!(f, "{rule}; ")?;
                write_lengths(f, &T::SHAPE, lengths)
            }
        }
    }
}

impl<T: MutableValue> fmt::Display for Rule<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("any value but NaN, with every inner bound kept"),
            Self::Range(interval) => write!(f, "{interval}"),
            Self::OneOf { text, .. } => write!(f, "one of {text}"),
            Self::Check { text, .. } => write!(f, "what `{text}` accepts"),
            Self::Nothing => f.write_str("nothing, because the signed bound overflows"),
        }
    }
}

fn write_lengths(f: &mut fmt::Formatter<'_>, shape: &Shape, lengths: &[usize]) -> fmt::Result {
    let Some((len, inner)) = lengths.split_first() else {
        return Ok(());
    };
    match shape {
        Shape::Array(_, item) | Shape::Option(item) => write_lengths(f, item, lengths),
        Shape::Sequence(item) => {
            write!(f, "at most {len} elements")?;
            if !inner.is_empty() {
                f.write_str(", each ")?;
            }
            write_lengths(f, item, inner)
        }
        _ => write!(f, "at most {len} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::{String, ToString};
    use alloc::vec::Vec;

    use super::*;
    use crate::range::Interval;

    #[test]
    fn names_every_part_of_the_bound() {
        let range = Rule::<u8>::Range(Interval::from(0..=4));
        assert_eq!(
            Bound {
                lengths: &[],
                rule: range
            }
            .to_string(),
            "0..=4"
        );
        let text = Bound {
            lengths: &[16],
            rule: Rule::<Option<String>>::Any,
        };
        assert_eq!(text.to_string(), "at most 16 bytes");
        let few = Bound {
            lengths: &[3, 16],
            rule: Rule::<Option<Vec<[String; 2]>>>::Any,
        };
        assert_eq!(few.to_string(), "at most 3 elements, each at most 16 bytes");
        let list = Rule::<Vec<f32>>::Range(Interval::from(0.0..1.0));
        let list = Bound {
            lengths: &[3],
            rule: list,
        };
        assert_eq!(list.to_string(), "0.0..1.0; at most 3 elements");
    }
}
