//! What a jar presents: the newest complete chain, the client's own mutable values, and the derived ones.

use alloc::vec::Vec;

use super::{Jar, ViewError};
use crate::bytes::{put_prefixed, varint_len};
use crate::error::{BundleError, OutOfRange};
use crate::schema::{Field, StateCookie};
use crate::wire::{Kind, MAX_BLOB, Writer};

/// Why [`Jar::bundle_with`] gave no bundle; the values that were supplied before the error stay in the jar.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SupplyError {
    /// There is nothing to present, or a value is still missing.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// The view cannot be opened, or a supplied value is outside its bound.
    #[error(transparent)]
    View(#[from] ViewError),
}

impl From<OutOfRange> for SupplyError {
    fn from(error: OutOfRange) -> Self {
        Self::View(error.into())
    }
}

impl Jar {
    /// What to present to a server: the newest complete chain, with the client's own values.
    ///
    /// # Errors
    ///
    /// There is no complete chain yet, it is longer than [`MAX_BLOB`], or a derived field has no value yet. Of derived
    /// fields a jar knows once a view of the state was opened; before, the server refuses the bundle and names the field. That
    /// a newer cookie has moved a bound past a value, a jar notices when the next view is opened: [`bundle_with`](Self::bundle_with)
    /// opens one.
    pub fn bundle(&self) -> Result<Vec<u8>, BundleError> {
        let mut out = Vec::new();
        self.bundle_into(&mut out)?;
        Ok(out)
    }

    /// Appends the bundle to `out`, which stays as it was on error.
    ///
    /// # Errors
    ///
    /// As for [`bundle`](Self::bundle).
    pub fn bundle_into(&self, out: &mut Vec<u8>) -> Result<(), BundleError> {
        let sections = || {
            let chain = self.store.chain().rev();
            chain.map(|(tier, held)| [held.signed(), self.own.of(tier).unwrap_or(held.mutable())])
        };
        if self.is_empty() {
            return Err(BundleError::NothingToPresent);
        }
        let derived = self.derived_section()?;
        let derived = derived.as_deref();
        let cookies = sections().map(|[signed, mutable]| signed.len() + mutable.len());
        let parts = cookies.chain(derived.map(<[u8]>::len));
        let len = parts.fold(1, |sum, len| sum + varint_len(len as u64) + len);
        if len > MAX_BLOB {
            return Err(BundleError::TooLarge { limit: MAX_BLOB });
        }
        out.reserve(len);
        let mut writer = Writer::begin(out, Kind::of_bundle(derived));
        for [signed, mutable] in sections() {
            let place = writer.cookie(signed.len() + mutable.len());
            place.extend_from_slice(signed);
            place.extend_from_slice(mutable);
        }
        if let Some(derived) = derived {
            put_prefixed(out, derived);
        }
        Ok(())
    }

    /// The bundle with the derived values that `supply` sets, worked out from the user data at this very moment.
    ///
    /// ```
    /// # #[cfg(not(all(feature = "derive", feature = "server")))]
    /// # fn main() {}
    /// # #[cfg(all(feature = "derive", feature = "server"))]
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use statecookie::{BundleError, Jar, Keys, Pool, StateCookie};
    /// #[derive(StateCookie, Clone, Debug, PartialEq)]
    /// #[statecookie(version = 1, tier(1, valid_for = "2h"))]
    /// struct Video {
    ///     #[tier(1)]
    ///     #[immutable]
    ///     length_ms: u32,
    ///     #[tier(0)]
    ///     #[mutable(range = 0..=self.length_ms, derived)]
    ///     position_ms: u32,
    /// }
    ///
    /// let pool = Pool::<Video>::new("video.example", Keys::ephemeral()?)?;
    /// let mut session = pool.open(Video { length_ms: 60_000, position_ms: 0 })?;
    /// let mut jar = Jar::new();
    /// let _ = jar.merge(&session.flush()?.expect("the first update"))?;
    ///
    /// let bundle = jar.bundle_with::<Video>(|view| view.set_position_ms(41_500))?;
    /// assert_eq!(pool.resume(&bundle)?.session.position_ms, 41_500);
    ///
    /// assert!(jar.bundle_with::<Video>(|view| view.set_position_ms(60_001)).is_err());
    /// jar.clear();
    /// assert_eq!(jar.bundle(), Err(BundleError::NothingToPresent));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The view cannot be opened, a value is outside its bound, or as for [`bundle`](Self::bundle).
    pub fn bundle_with<S: StateCookie>(
        &mut self,
        supply: impl FnOnce(&mut S::View<'_>) -> Result<(), OutOfRange>,
    ) -> Result<Vec<u8>, SupplyError> {
        supply(&mut self.view::<S>()?)?;
        Ok(self.bundle()?)
    }

    /// The values of the derived fields, in their order; `None` where the state has none, or no view of it was opened.
    fn derived_section(&self) -> Result<Option<Vec<u8>>, BundleError> {
        let Some(table) = self.shown().filter(|table| table.derives()) else {
            return Ok(None);
        };
        let mut section = Vec::new();
        for Field { name, .. } in table.derived() {
            let value = self.own.derived(name);
            section.extend_from_slice(value.ok_or(BundleError::DerivedMissing { field: name })?);
        }
        Ok(Some(section))
    }
}
