//! A wrapper for private values, so that the user's own `Debug` does not print them.

use core::fmt;
use core::ops::{Deref, DerefMut};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value whose `Debug` says nothing; it reads and travels like the value itself.
///
/// For private fields of a state that derives `Debug`: a log of the whole struct then shows `Mute(..)` in their place. On the
/// wire it takes no byte more than the value.
///
/// ```
/// use statecookie::Mute;
///
/// let rating = Mute(720_u16);
/// assert_eq!(format!("{rating:?}"), "Mute(..)");
/// assert_eq!(*rating + 1, 721);
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mute<T>(pub T);

impl<T> fmt::Debug for Mute<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mute(..)")
    }
}

impl<T> Deref for Mute<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Mute<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T> From<T> for Mute<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T: Serialize> Serialize for Mute<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Mute<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_that_something_is_there_and_not_what() {
        assert_eq!(alloc::format!("{:?}", Mute(42)), "Mute(..)");
    }
}
