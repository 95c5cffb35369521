//! Time and chance: timestamps, and the two small traits through which clock and entropy come in.

use core::fmt;
use core::time::Duration;

/// A point in time: milliseconds since the Unix epoch. On the wire times are whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(u64);

impl Timestamp {
    /// That many milliseconds after the Unix epoch.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// That many seconds after the Unix epoch.
    pub const fn from_secs(secs: u64) -> Self {
        Self(secs.saturating_mul(1000))
    }

    /// Milliseconds since the Unix epoch.
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// Whole seconds since the Unix epoch, rounded down.
    pub const fn as_secs(self) -> u64 {
        self.0 / 1000
    }

    /// `self + duration`, or the end of time.
    #[must_use]
    pub const fn saturating_add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(millis(duration)))
    }

    /// `self - duration`, or the epoch.
    #[must_use]
    pub const fn saturating_sub(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(millis(duration)))
    }

    /// How long after `earlier` this is; zero if it is not.
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03}", self.0 / 1000, self.0 % 1000)
    }
}

const fn millis(duration: Duration) -> u64 {
    let millis = duration.as_millis();
    if millis > u64::MAX as u128 {
        u64::MAX
    } else {
        millis as u64
    }
}

/// Where a pool gets the time from.
pub trait Clock: Send + Sync {
    /// The time now. It may go back; nothing that is issued does.
    fn now(&self) -> Timestamp;
}

/// The system's clock.
#[cfg(feature = "std")]
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

#[cfg(feature = "std")]
impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        Timestamp(millis(since_epoch.unwrap_or_default()))
    }
}

/// Where a pool gets session ids, branches and nonces from: a cryptographic generator.
pub trait Entropy: Send + Sync {
    /// Fills `out` with random bytes.
    ///
    /// # Errors
    ///
    /// The generator failed; nothing is issued then, and there is no fallback.
    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError>;
}

/// The random generator failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the random generator failed")]
pub struct EntropyError;

/// A thread-local cryptographic generator (ChaCha), seeded by the operating system, and again every 64 KiB.
///
/// A process that forks after it has drawn, or a virtual machine restored from a snapshot, may repeat up to 64 KiB of each
/// thread. Nonces are hedged against that; session ids and branches are not. Where that can happen, pass a generator that
/// asks the operating system each time; it costs some hundred nanoseconds more.
#[cfg(feature = "server")]
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

#[cfg(feature = "server")]
impl Entropy for SystemEntropy {
    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> {
        let drawn = GENERATOR.try_with(|slot| {
            let mut seeded = slot.try_borrow_mut().map_err(|_| EntropyError)?;
            draw(&mut seeded, out)
        });
        drawn.unwrap_or(Err(EntropyError))
    }
}

#[cfg(feature = "server")]
std::thread_local! {
    static GENERATOR: core::cell::RefCell<Option<Seeded>> = const { core::cell::RefCell::new(None) };
}

// Not `rand::rng()`: that one panics where the operating system has no random bytes.
#[cfg(feature = "server")]
struct Seeded {
    generator: rand::rngs::StdRng,
    left: usize,
}

#[cfg(feature = "server")]
impl Seeded {
    const BYTES: usize = 64 * 1024;

    fn new() -> Result<Self, EntropyError> {
        use rand::SeedableRng;
        let generator = rand::rngs::StdRng::try_from_rng(&mut rand::rngs::SysRng);
        let generator = generator.map_err(|_| EntropyError)?;
        Ok(Self {
            generator,
            left: Self::BYTES,
        })
    }
}

#[cfg(feature = "server")]
fn draw(slot: &mut Option<Seeded>, out: &mut [u8]) -> Result<(), EntropyError> {
    use rand::Rng;
    for chunk in out.chunks_mut(Seeded::BYTES) {
        // Used up is given up first: if the seeding fails, nothing old may serve the next call.
        if slot
            .as_ref()
            .is_some_and(|seeded| seeded.left < chunk.len())
        {
            *slot = None;
        }
        let seeded = match slot {
            Some(seeded) => seeded,
            None => slot.insert(Seeded::new()?),
        };
        seeded.left = seeded.left.saturating_sub(chunk.len());
        seeded.generator.fill_bytes(chunk);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn saturates_at_both_ends_of_time() {
        let end = Timestamp::from_millis(u64::MAX);
        assert_eq!(end.saturating_add(Duration::from_millis(1)), end);
        assert_eq!(Timestamp::from_secs(u64::MAX), end);
        assert_eq!(Timestamp::from_secs(1).saturating_add(Duration::MAX), end);
        let epoch = Timestamp::from_secs(0);
        // More milliseconds than 64 bits hold, and few of them in the lowest 64.
        let long = Duration::from_secs(u64::MAX / 1000 + 2);
        assert_eq!(epoch.saturating_add(long), end);
        assert_eq!(
            Timestamp::from_secs(1).saturating_sub(Duration::from_secs(2)),
            epoch
        );
        assert_eq!(epoch.since(end), Duration::ZERO);
        assert_eq!(end.since(epoch), Duration::from_millis(u64::MAX));
    }

    #[test]
    fn rounds_down_to_whole_seconds() {
        let time = Timestamp::from_millis(1_999);
        assert_eq!((time.as_secs(), time.as_millis()), (1, 1_999));
        assert_eq!(alloc::format!("{time}"), "1.999");
    }

    #[cfg(feature = "std")]
    #[test]
    fn knows_the_time() {
        // 2026-01-01.
        assert!(SystemClock.now() > Timestamp::from_secs(1_767_225_600));
    }

    #[cfg(feature = "server")]
    mod system_entropy {
        use super::*;

        fn drawn() -> [u8; 32] {
            let mut out = [0; 32];
            SystemEntropy.fill(&mut out).unwrap();
            out
        }

        #[test]
        fn repeats_nothing_in_a_thread_and_across_threads() {
            let here = drawn();
            assert_ne!(here, drawn());
            assert_ne!(here, std::thread::spawn(drawn).join().unwrap());
        }

        #[test]
        fn fills_more_than_one_seed_may_give() {
            let mut out = alloc::vec![0; 3 * Seeded::BYTES + 1];
            SystemEntropy.fill(&mut out).unwrap();
            assert!(
                out.chunks(64)
                    .all(|chunk| chunk.len() < 64 || chunk.iter().any(|byte| *byte != 0))
            );
        }

        #[test]
        fn seeds_again_when_used_up() {
            let left = |slot: &Option<Seeded>| slot.as_ref().map(|seeded| seeded.left);
            let mut slot = None;
            draw(&mut slot, &mut [0; 1000]).unwrap();
            assert_eq!(left(&slot), Some(Seeded::BYTES - 1000));
            draw(&mut slot, &mut alloc::vec![0; Seeded::BYTES - 999]).unwrap();
            assert_eq!(left(&slot), Some(999));
            draw(&mut slot, &mut [0; 999]).unwrap();
            assert_eq!(left(&slot), Some(0), "to the last byte");
            assert_eq!(Seeded::BYTES, 65_536, "as the documentation says");
        }
    }
}
