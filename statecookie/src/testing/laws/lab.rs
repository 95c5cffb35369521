//! What a law works with: states, dice, servers of known keys, and sessions that have issued something.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Display;
use core::time::Duration;

use super::super::cookies;
use super::super::dice::Dice;
use super::super::entropy::FixedEntropy;
use super::super::states::{States, changed};
use super::{Verdict, require};
use crate::keys::{Key, KeyPolicy, KeyRing, Keys, Secret};
use crate::marks::NoMarks;
use crate::schema::StateCookie;
use crate::session::{Pool, Resumed, Session, Update};
use crate::tier::{KeyId, TierSet};
use crate::time::Timestamp;

/// When every case begins.
pub(super) const START: Timestamp = Timestamp::from_secs(1_800_000_000);

pub(super) struct Lab<'a, S> {
    pub(super) states: &'a mut States<S>,
    pub(super) dice: Dice,
}

/// A session and the cookies that its client holds.
pub(super) struct Served<S: StateCookie> {
    pub(super) pool: Pool<S>,
    pub(super) session: Session<S>,
    pub(super) chain: Vec<Vec<u8>>,
}

impl<S: StateCookie + PartialEq> Lab<'_, S> {
    pub(super) fn state(&mut self) -> Result<S, String> {
        self.states.any(&mut self.dice).map_err(text)
    }

    pub(super) fn changed(&mut self, state: &S, tiers: TierSet) -> Result<S, String> {
        changed(&mut self.dice, state, tiers).map_err(text)
    }

    /// A server of the pool of that name; every server draws other random bytes.
    pub(super) fn server(&mut self, name: &str) -> Result<Pool<S>, String> {
        let far = START.saturating_add(Duration::from_secs(1_000_000_000));
        self.server_until(name, far, KeyPolicy::default())
    }

    /// A server whose first key signs until `handover`.
    pub(super) fn server_until(
        &mut self,
        name: &str,
        handover: Timestamp,
        policy: KeyPolicy,
    ) -> Result<Pool<S>, String> {
        let kept = longest::<S>().saturating_add(policy.skew);
        let key = |id: u8, activates_at, sign_until: Timestamp| -> Result<Key, String> {
            let secret: [u8; 32] = core::array::from_fn(|at| at as u8 ^ id);
            Ok(Key {
                id: KeyId(u32::from(id)),
                secret: Secret::from_bytes(&secret).map_err(text)?,
                activates_at,
                sign_until,
                accept_until: sign_until.saturating_add(kept),
                revoked: false,
            })
        };
        let end = Timestamp::from_millis(u64::MAX / 2);
        let keys = [
            key(1, Timestamp::from_secs(0), handover)?,
            key(2, handover, end)?,
        ];
        let ring = KeyRing::new(keys.to_vec()).map_err(text)?;
        let mut builder = Pool::builder(name, Keys::ring(ring))
            .entropy(FixedEntropy::new(self.dice.word()))
            .key_policy(policy);
        // The laws are about what cookies alone promise: they present older ones again and again.
        if S::TABLE.guards() {
            builder = builder.high_water(NoMarks);
        }
        builder.build().map_err(text)
    }

    /// A session of that state whose client holds the first update.
    pub(super) fn serve(&mut self, pool: &Pool<S>, state: S) -> Result<Served<S>, String> {
        let mut session = pool.open_at(state, START).map_err(text)?;
        let update = flush(&mut session, START)?;
        Ok(Served {
            pool: pool.clone(),
            session,
            chain: cookies::cut(&update),
        })
    }
}

impl<S: StateCookie> Served<S> {
    pub(super) fn bundle(&self) -> Vec<u8> {
        self.bundle_of(&self.chain)
    }

    /// Other cookies, with the derived values of this session.
    pub(super) fn bundle_of(&self, chain: &[Vec<u8>]) -> Vec<u8> {
        cookies::bundle(chain, &*self.session)
    }

    pub(super) fn take(&mut self, update: &Update) {
        self.chain = cookies::merged(&self.chain, update);
    }
}

/// An update that must be there.
pub(super) fn flush<S: StateCookie>(
    session: &mut Session<S>,
    now: Timestamp,
) -> Result<Update, String> {
    let update = session.flush_at(now).map_err(text)?;
    update.ok_or_else(|| format!("nothing was issued at {now}"))
}

/// A state came back, but for approximated values that are within their tolerances.
pub(super) fn came_back<S: StateCookie + PartialEq>(
    server: &Session<S>,
    resumed: Resumed<S>,
) -> Verdict {
    let mut state = resumed.session.end();
    let strayed = state.__strayed(&server.__issued(), false);
    require(
        strayed.is_empty(),
        "an approximated value is further away than its tolerance",
    )?;
    state.__put(server.__issued());
    require(state == **server, "another state came back")
}

pub(super) fn text(error: impl Display) -> String {
    error.to_string()
}

/// The longest validity of a schema, in whole seconds.
pub(super) fn longest<S: StateCookie>() -> Duration {
    let lives = S::TABLE.tiers.iter().map(|tier| tier.valid_for);
    let longest = lives.max().unwrap_or_default();
    Duration::from_secs(longest.as_secs().saturating_add(1))
}
