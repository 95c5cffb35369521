//! What server and client need of a state, whichever way its position travels.

use serde::{Deserialize, Serialize};
use statecookie::{Jar, Session, StateCookie};

use super::film::FRAME_MS;
use crate::Outcome;

/// How the position gets to the client.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The whole state on every frame.
    Whole,
    /// A partial update on every frame.
    Partial,
    /// A partial update once a second.
    Approximated,
    /// Not at all: the client derives it.
    Derived,
}

impl Way {
    /// The way for the log.
    pub fn name(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Partial => "partial",
            Self::Approximated => "approximated",
            Self::Derived => "derived",
        }
    }

    /// The way in the table.
    pub fn title(self) -> &'static str {
        match self {
            Self::Whole => "whole state on every frame",
            Self::Partial => "partial cookies on every frame",
            Self::Approximated => "approximated to one a second",
            Self::Derived => "derived from the RTP timestamps",
        }
    }

    /// How much of the film a fail-over may show once more, in milliseconds: what the client saw before its cookie came.
    pub fn may_repeat_ms(self) -> u32 {
        match self {
            Self::Whole | Self::Partial => FRAME_MS,
            Self::Approximated => 1_000,
            Self::Derived => 0,
        }
    }
}

/// The values of a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Values {
    /// The film's title.
    pub title: String,
    /// How long it lasts, in milliseconds.
    pub duration_ms: u32,
    /// The most that the viewer has paid for, in kbit/s.
    pub licence_kbps: u32,
    /// The contract behind the licence.
    pub contract: u64,
    /// The RTP source.
    pub ssrc: u32,
    /// The RTP timestamp of the film's beginning.
    pub base: u32,
    /// What is sent, in kbit/s.
    pub bit_rate_kbps: u32,
    /// Up to where the film was shown, in milliseconds.
    pub position_ms: u32,
}

/// What the client reads in its jar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// How long the film lasts, in milliseconds.
    pub duration_ms: u32,
    /// The RTP source.
    pub ssrc: u32,
    /// The RTP timestamp of the film's beginning.
    pub base: u32,
    /// What is sent, in kbit/s.
    pub bit_rate_kbps: u32,
}

/// A state of this story.
pub trait Playback: StateCookie + Clone + Send + Sync + 'static {
    /// The state with these values.
    fn of(values: Values) -> Self;

    /// The values of the state.
    fn values(&self) -> Values;

    /// The server: so much was shown.
    ///
    /// # Errors
    ///
    /// That is beyond the film's end.
    fn move_to(session: &mut Session<Self>, position_ms: u32) -> Outcome<()>;

    /// The server: send at this bit rate from now on.
    ///
    /// # Errors
    ///
    /// The licence does not allow it.
    fn turn_to(session: &mut Session<Self>, kbps: u32) -> Outcome<()>;

    /// The client: what it sees of the state.
    ///
    /// # Errors
    ///
    /// There is none yet.
    fn seen(jar: &mut Jar) -> Outcome<Seen>;

    /// The client: changes its bit rate by itself, for the next server.
    ///
    /// # Errors
    ///
    /// The licence does not allow it.
    fn choose(jar: &mut Jar, kbps: u32) -> Outcome<()>;

    /// The client: what it presents, having seen so much of the film.
    ///
    /// # Errors
    ///
    /// There is nothing to present yet.
    fn bundle(jar: &mut Jar, position_ms: u32) -> Outcome<Vec<u8>>;

    /// The client: what it presents to go on at a place of its own choice.
    ///
    /// # Errors
    ///
    /// The place is beyond the film's end.
    fn bundle_at(jar: &mut Jar, position_ms: u32) -> Outcome<Vec<u8>>;
}

/// Implements [`Playback`] for a struct with these fields; the position is `kept` in the jar or `derived`.
macro_rules! playback {
    ($state:ident, $position:ident) => {
        impl $crate::video::playback::Playback for $state {
            fn of(values: $crate::video::playback::Values) -> Self {
                $crate::video::playback::same_fields!(values, $state)
            }

            fn values(&self) -> $crate::video::playback::Values {
                use $crate::video::playback::Values;
                let state = self.clone();
                $crate::video::playback::same_fields!(state, Values)
            }

            fn move_to(
                session: &mut ::statecookie::Session<Self>,
                position_ms: u32,
            ) -> $crate::Outcome<()> {
                Ok(session.edit().set_position_ms(position_ms)?)
            }

            fn turn_to(
                session: &mut ::statecookie::Session<Self>,
                kbps: u32,
            ) -> $crate::Outcome<()> {
                Ok(session.edit().set_bit_rate_kbps(kbps)?)
            }

            fn seen(
                jar: &mut ::statecookie::Jar,
            ) -> $crate::Outcome<$crate::video::playback::Seen> {
                let view = jar.view::<Self>()?;
                Ok($crate::video::playback::Seen {
                    duration_ms: *view.duration_ms(),
                    ssrc: *view.ssrc(),
                    base: *view.base(),
                    bit_rate_kbps: *view.bit_rate_kbps(),
                })
            }

            fn choose(jar: &mut ::statecookie::Jar, kbps: u32) -> $crate::Outcome<()> {
                Ok(jar.view::<Self>()?.set_bit_rate_kbps(kbps)?)
            }

            $crate::video::playback::bundles!($position);
        }
    };
}

/// A struct from another one with the same fields.
macro_rules! same_fields {
    ($from:ident, $to:ident) => {
        $to {
            title: $from.title,
            duration_ms: $from.duration_ms,
            licence_kbps: $from.licence_kbps,
            contract: $from.contract,
            ssrc: $from.ssrc,
            base: $from.base,
            bit_rate_kbps: $from.bit_rate_kbps,
            position_ms: $from.position_ms,
        }
    };
}

/// The two ways to a bundle.
macro_rules! bundles {
    (kept) => {
        fn bundle(jar: &mut ::statecookie::Jar, _position_ms: u32) -> $crate::Outcome<Vec<u8>> {
            Ok(jar.bundle()?)
        }

        fn bundle_at(jar: &mut ::statecookie::Jar, position_ms: u32) -> $crate::Outcome<Vec<u8>> {
            jar.view::<Self>()?.set_position_ms(position_ms)?;
            Ok(jar.bundle()?)
        }
    };
    (derived) => {
        fn bundle(jar: &mut ::statecookie::Jar, position_ms: u32) -> $crate::Outcome<Vec<u8>> {
            Ok(jar.bundle_with::<Self>(|view| view.set_position_ms(position_ms))?)
        }

        fn bundle_at(jar: &mut ::statecookie::Jar, position_ms: u32) -> $crate::Outcome<Vec<u8>> {
            Self::bundle(jar, position_ms)
        }
    };
}

pub(super) use {bundles, playback, same_fields};
