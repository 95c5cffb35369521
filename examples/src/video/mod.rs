//! The video of the paper: a streaming pool, real RTP packets, and kills.
//!
//! - `state` is what a user of the library writes, and `variants` the same for the comparison; `playback` is what the story needs of them
//! - `server` is a process that admits viewers, `showing` one viewer's film at its `pace`; `protocol` is what is said over TCP
//! - the packets are in `rtp`, their time in `timeline`; they come from a `source`: made up as in `film`, or from the files of a `reel`
//! - `viewer` is the client's program: packets, a jar, a `control` connection, and fail-over
//! - `story` starts and kills; `screen` and `operator` check, `cheats` attacks; `journal`, `report` and `show` write and print

pub mod archive;
pub mod cheats;
pub mod control;
pub mod film;
pub mod journal;
pub mod operator;
mod pace;
pub mod playback;
pub mod protocol;
pub mod reel;
pub mod report;
pub mod rtp;
pub mod screen;
pub mod server;
mod show;
mod showing;
pub mod source;
pub mod state;
pub mod story;
pub mod timeline;
pub mod variants;
pub mod viewer;
