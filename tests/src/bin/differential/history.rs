//! Sessions by chance: changes, renewals, requests and fail-overs, and what a client could honestly present after each.

use serde_json::Value;
use statecookie::private::Class;
use statecookie::{Jar, Session, Timestamp};
use statecookie_tests::field_source::derived;
use statecookie_tests::kit::NOW;
use statecookie_tests::kit::blob::{bundle, cookies, deriving, section_of};

use crate::bend;
use crate::dice::Dice;
use crate::server::{Case, Told, Typed};
use crate::states::Chance;
use crate::times;

const IDENTITIES: [Option<&[u8]>; 5] = [None, None, None, Some(b""), Some(b"user:42")];

struct Moment<S> {
    bundle: Vec<u8>,
    now_ms: u64,
    state: S,
}

pub(crate) struct History<S> {
    server: usize,
    config: Value,
    identity: Option<&'static [u8]>,
    leeway_ms: u64,
    moments: Vec<Moment<S>>,
    /// The state as it was issued last.
    issued: Option<S>,
}

impl<S: Chance> History<S> {
    /// `None` where the server could not issue anything.
    pub(crate) fn new(dice: &mut Dice, typed: &Typed<S>, server: usize) -> Option<Self> {
        let mut history = Self {
            server,
            config: typed.config.clone(),
            identity: *dice.of(&IDENTITIES),
            leeway_ms: typed.leeway_ms(),
            moments: Vec::new(),
            issued: None,
        };
        let mut now = NOW * 1000 + dice.below(2_500_000) as u64;
        let (pool, state, at) = (&typed.pool, S::honest(dice), Timestamp::from_millis(now));
        let session = match history.identity {
            Some(identity) => pool.open_bound_at(state, identity, at),
            None => pool.open_at(state, at),
        };
        let (mut session, mut jar) = (session.ok()?, Jar::new());
        history.flush(dice, &mut session, &mut jar, now);
        for _ in 0..*dice.of(&[0, 0, 1, 2, 4]) {
            now += dice.of(&[0, 1, 900, 5_000, 20_000, 100_000]);
            if dice.once_in(3)
                && let Ok(bundle) = jar.bundle()
            {
                let bundle = supplied(&cookies(&bundle), &*session);
                let presented = pool.present(&bundle).at(Timestamp::from_millis(now));
                let presented = history
                    .identity
                    .iter()
                    .fold(presented, |it, id| it.identity(id));
                let resumed = if dice.once_in(2) {
                    presented.resume()
                } else {
                    presented.resume_request()
                };
                let Ok(resumed) = resumed else { continue };
                session = resumed.session;
                history.issued = Some(S::clone(&session));
            }
            let mut other = S::honest(dice);
            if dice.once_in(2) {
                other = S::clone(&session);
                other.own(dice);
            }
            // A state that does not hold together is refused, and the old one stays.
            let _ = session.replace(other);
            history.flush(dice, &mut session, &mut jar, now);
        }
        (!history.moments.is_empty()).then_some(history)
    }

    fn flush(&mut self, dice: &mut Dice, session: &mut Session<S>, jar: &mut Jar, now_ms: u64) {
        let at = Timestamp::from_millis(now_ms);
        let Ok(Some(update)) = session.flush_at(at) else {
            return;
        };
        let issued = cookies(&update);
        let mut state = S::clone(session);
        if let Some(before) = &self.issued {
            state.hold_back(issued.len(), before);
        }
        self.issued = Some(state.clone());
        let _ = jar
            .merge(&update)
            .expect("a jar takes what a server issued");
        let Ok(bundle) = jar.bundle() else { return };
        // Where a twin of the same second won in the jar, the client holds another state than the server.
        if !cookies(&bundle).ends_with(&issued) {
            return;
        }
        let full = issued.len() == S::TABLE.tiers.len() && dice.once_in(4) && !derives::<S>();
        let presented = || supplied(&cookies(&bundle), &state);
        self.moments.push(Moment {
            bundle: if full {
                update.into_bytes()
            } else {
                presented()
            },
            now_ms,
            state,
        });
    }

    fn moment(&self, dice: &mut Dice) -> (&Moment<S>, Case) {
        let moment = dice.of(&self.moments);
        let now_ms = moment.now_ms + dice.of(&[0, 0, 1, 700]);
        let (identity, blob) = (self.identity.map(<[u8]>::to_vec), moment.bundle.clone());
        (
            moment,
            Case {
                server: self.server,
                now_ms,
                identity,
                blob,
            },
        )
    }
}

fn derives<S: Chance>() -> bool {
    let mut fields = S::TABLE.fields.iter();
    fields.any(|field| field.class == Class::Derived)
}

/// A bundle of these cookies, with the state's derived values where it has any.
fn supplied<S: Chance>(cookies: &[Vec<u8>], state: &S) -> Vec<u8> {
    if derives::<S>() {
        deriving(cookies, &derived(state))
    } else {
        bundle(cookies)
    }
}

fn values<S: Chance>(state: &S) -> Value {
    serde_json::to_value(state).expect("a state is JSON")
}

impl<S: Chance> Told for History<S> {
    fn honest(&self, dice: &mut Dice) -> (Case, Value) {
        let (moment, case) = self.moment(dice);
        (case, values(&moment.state))
    }

    fn own(&self, dice: &mut Dice, honest: bool) -> (Case, Option<Value>) {
        let (moment, mut case) = self.moment(dice);
        let mut state = moment.state.clone();
        state.own(dice);
        if honest && !state.holds() {
            state = moment.state.clone();
        }
        if !honest {
            state.spoil(dice);
        }
        let sections = (0..S::TABLE.tiers.len() as u8)
            .rev()
            .map(|tier| section_of(&state, tier));
        case.blob = supplied(&cookies(&bend::with_sections(&case.blob, sections)), &state);
        (case, honest.then(|| values(&state)))
    }

    fn derived(&self, dice: &mut Dice, blob: &[u8]) -> Vec<u8> {
        bend::derived_bytes(dice, blob, &S::ends(blob))
    }

    fn signed(&self, dice: &mut Dice) -> Case {
        let (moment, mut case) = self.moment(dice);
        case.blob = bend::signed(dice, &self.config, &case, &moment.state);
        case
    }

    fn near_an_end(&self, dice: &mut Dice, case: Case) -> Case {
        let leeway = self.leeway_ms;
        let now_ms = times::near_an_end::<S>(dice, &self.config, &case.blob, leeway);
        Case { now_ms, ..case }
    }
}
