//! Which field belongs in which tier, and how often to send: worked out from what a running program does.
//!
//! A [`Recorder`] looks at a session's state before each flush and counts which fields change, when, with which others, and how long they
//! are. Its [`Advisor`] finds the layout with the fewest expected bytes on the wire, says what it saves, and prints the attributes
//! to paste. [`plan_interval`] gives the interval between updates that costs least, by how often servers fail. How it is computed,
//! how exact it is and where it ends: `docs/advice.md`.
//!
//! ```
//! use std::time::Duration;
//! use statecookie::advice::Recorder;
//! use statecookie::{Keys, Pool, StateCookie, Timestamp};
//!
//! #[derive(StateCookie, Clone)]
//! #[statecookie(version = 1, tier(1, valid_for = "3h"), tier(0, valid_for = "1h"))]
//! struct Visit {
//!     #[tier(1)] #[immutable]                  customer: u64,
//!     #[tier(1)] #[mutable(any)]               steps: u32, // changes at every step: in the wrong tier
//!     #[tier(0)] #[mutable(range = 0..=4)]     quality: u8,
//! }
//!
//! let pool = Pool::<Visit>::new("shop.example", Keys::ephemeral()?)?;
//! let mut session = pool.open(Visit { customer: 4711, steps: 0, quality: 2 })?;
//! let mut recorder = Recorder::<Visit>::new()?;
//! let start = Timestamp::from_secs(1_800_000_000);
//! recorder.observe_at(&session, start)?; // `observe` takes the system's clock
//! for second in 1..100 {
//!     session.edit().set_steps(second)?;
//!     recorder.observe_at(&session, start.saturating_add(Duration::from_secs(second.into())))?;
//! }
//!
//! let advice = recorder.advise()?;
//! let steps = recorder.fields_named(&["steps"])?;
//! assert_eq!(advice.layout.tiers()[0], steps);
//! assert!(advice.saves() > 0.6);
//! println!("{advice}");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod advisor;
mod descent;
mod error;
mod field_set;
mod frames;
mod idle;
mod interval;
mod ladder;
mod layout;
mod model;
mod recorder;
mod report;
mod rules;
mod search;
mod split;
mod tally;
mod timeline;

pub use advisor::{Advisor, Prediction};
pub use error::{AdviceError, RecordError};
pub use field_set::{FieldSet, MAX_FIELDS};
pub use interval::{Failures, Plan, PlanError, plan_interval, plan_interval_at_cost};
pub use ladder::Rung;
pub use layout::Layout;
pub use model::MAX_ADVISED;
pub use recorder::{Recorded, Recorder};
pub use report::{Advice, Attributes, Move};
pub use rules::Pin;
