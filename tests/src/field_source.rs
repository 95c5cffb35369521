//! The smallest source and overlay that generated code can be run with: fields in one byte string, no cookies.

use statecookie::private::{Field, Overlay, Source, take_inner};
use statecookie::{Bound, Class, Malformed, MutableValue, Reader, StateCookie, Tier, TierSet};

/// All fields of a state in the order in which they are read.
pub fn written<S: StateCookie>(state: &S) -> Vec<u8> {
    let mut bytes = Vec::new();
    for tier in TierSet::down_from(root::<S>()).iter() {
        for class in [Class::Immutable, Class::Private, Class::Mutable] {
            state
                .__write(tier, class, &mut bytes)
                .expect("the state can be written");
        }
    }
    bytes.extend(derived(state));
    bytes
}

/// The derived fields alone, which come behind all others.
pub fn derived<S: StateCookie>(state: &S) -> Vec<u8> {
    let mut bytes = Vec::new();
    for tier in TierSet::down_from(root::<S>()).iter() {
        state
            .__write(tier, Class::Derived, &mut bytes)
            .expect("the state can be written");
    }
    bytes
}

/// What a client holds: the same without the private fields.
pub fn written_for_client<S: StateCookie>(state: &S) -> Vec<u8> {
    let mut bytes = Vec::new();
    for tier in TierSet::down_from(root::<S>()).iter() {
        for class in [Class::Immutable, Class::Mutable] {
            state
                .__write(tier, class, &mut bytes)
                .expect("the state can be written");
        }
    }
    bytes.extend(derived(state));
    bytes
}

/// The highest tier of a state.
pub fn root<S: StateCookie>() -> Tier {
    Tier::new(S::TABLE.tiers.len() as u8 - 1).expect("a state has at most eight tiers")
}

/// Every tier of a state.
pub fn all_tiers<S: StateCookie>() -> TierSet {
    TierSet::down_from(root::<S>())
}

/// Takes fields from the front of a byte string.
#[derive(Debug)]
pub struct FieldSource<'a> {
    /// What was not taken yet.
    pub reader: Reader<'a>,
    /// The names of the fields taken.
    pub taken: Vec<&'static str>,
}

impl<'a> FieldSource<'a> {
    /// A source of what [`written`] gave.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self {
            reader: Reader::new(bytes),
            taken: Vec::new(),
        }
    }
}

impl Source for FieldSource<'_> {
    type Error = Malformed;

    fn signed<T>(&mut self, field: &'static Field) -> Result<T, Malformed>
    where
        T: serde::Serialize + serde::de::DeserializeOwned,
    {
        self.taken.push(field.name);
        let rest = self.reader.rest();
        let (value, left) = postcard::take_from_bytes(rest).map_err(|_| Malformed::BadValue)?;
        self.reader.take(rest.len() - left.len())?;
        Ok(value)
    }

    fn mutable<T: MutableValue>(
        &mut self,
        field: &'static Field,
        bound: &Bound<T>,
    ) -> Result<T, Malformed> {
        self.taken.push(field.name);
        take_inner(&mut self.reader, bound)
    }

    fn mutable_or_default<T: MutableValue + Default>(
        &mut self,
        field: &'static Field,
        bound: &Bound<T>,
    ) -> Result<T, Malformed> {
        if self.reader.is_empty() {
            self.taken.push(field.name);
            return Ok(T::default());
        }
        self.mutable(field, bound)
    }
}

/// Remembers what was put last.
#[derive(Debug, Default)]
pub struct LastPut(
    /// The tier's number and its bytes.
    pub Option<(u8, Vec<u8>)>,
);

impl Overlay for LastPut {
    fn put(&mut self, tier: Tier, write: &mut dyn FnMut(&mut Vec<u8>)) {
        let mut bytes = Vec::new();
        write(&mut bytes);
        self.0 = Some((tier.number(), bytes));
    }

    fn put_derived(&mut self, field: &'static Field, write: &mut dyn FnMut(&mut Vec<u8>)) {
        self.put(field.tier, write);
    }
}
