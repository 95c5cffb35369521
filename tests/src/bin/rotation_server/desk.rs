//! One connection: each bundle is judged at one time, which the answer names.

use std::net::TcpStream;
use std::sync::Arc;

use statecookie::{Clock, FlushError, Pool, Resumed, Session, Timestamp, inspect};
use statecookie_tests::rotation::Ride;
use statecookie_tests::rotation::message::{Answer, Request, Then, Values, Verdict, receive, send};

use crate::clock::OffsetClock;
use crate::held::Held;

pub(crate) struct Desk {
    pub(crate) pool: Pool<Ride>,
    pub(crate) clock: OffsetClock,
    pub(crate) held: Arc<Held>,
}

impl Desk {
    pub(crate) fn serve(self, mut stream: TcpStream) {
        let _ = stream.set_nodelay(true);
        while let Ok(request) = receive(&mut stream) {
            let answer = match request {
                Request::Open { rider } => self.open(rider),
                Request::Present { bundle, at, then } => self.judge(&bundle, at, then),
            };
            if send(&mut stream, &answer).is_err() {
                return;
            }
        }
    }

    fn open(&self, rider: u64) -> Answer {
        let now = self.clock.now();
        let values = Values {
            rider,
            ..Values::default()
        };
        let ride = Ride {
            rider,
            leg: 0,
            steps: 0,
        };
        let issued = match self.pool.open_at(ride, now) {
            Ok(mut session) => flush(&mut session, now),
            Err(error) => Err(error.to_string()),
        };
        answer(now, values, [true, true], issued)
    }

    fn judge(&self, bundle: &[u8], at: Option<u64>, then: Then) -> Answer {
        let claimed = inspect(bundle).ok().and_then(|seen| seen.root);
        let id = claimed.map(|root| root.key_id);
        let before = id.is_some_and(|id| self.held.before(id));
        let now = at.map_or_else(|| self.clock.now(), Timestamp::from_millis);
        let presented = self.pool.present(bundle).at(now);
        let resumed = match then {
            Then::Request => presented.resume_request(),
            Then::Nothing | Then::FailOver => presented.resume(),
        };
        let held = [before, id.is_some_and(|id| self.held.after(id))];
        match resumed {
            Ok(resumed) => go_on(resumed, now, then, held),
            Err(refusal) => Answer {
                now: now.as_millis(),
                verdict: Verdict::Refused(refusal.reason.to_string()),
                held,
                update: None,
            },
        }
    }
}

fn go_on(resumed: Resumed<Ride>, now: Timestamp, then: Then, held: [bool; 2]) -> Answer {
    let mut session = resumed.session;
    let values = Values {
        rider: session.rider,
        leg: session.leg,
        steps: session.steps,
    };
    if then == Then::Nothing {
        return answer(now, values, held, Ok(None));
    }
    let next = values.next();
    *session.edit().steps_mut() = next.steps;
    if next.leg != values.leg {
        *session.edit().leg_mut() = next.leg;
    }
    answer(now, values, held, flush(&mut session, now))
}

fn flush(session: &mut Session<Ride>, now: Timestamp) -> Result<Option<Vec<u8>>, String> {
    let flushed: Result<_, FlushError> = session.flush_at(now);
    let update = flushed.map_err(|error| error.to_string())?;
    Ok(update.map(|update| update.into_bytes()))
}

fn answer(
    now: Timestamp,
    values: Values,
    held: [bool; 2],
    issued: Result<Option<Vec<u8>>, String>,
) -> Answer {
    let (verdict, update) = match issued {
        Ok(update) => (Verdict::Accepted(values), update),
        Err(error) => (Verdict::Failed(error), None),
    };
    Answer {
        now: now.as_millis(),
        verdict,
        held,
        update,
    }
}
