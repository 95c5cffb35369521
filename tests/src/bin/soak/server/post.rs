//! The way out of a server: datagrams, and the points at which it may stop on the way.

use std::net::{SocketAddr, UdpSocket};

use statecookie::Update;

use super::seat::Seat;
use super::stop::Stop;
use crate::point::{Moment, Path};
use crate::wire::{Answer, PART, ToClient, write};

/// The way out.
pub(super) struct Post<'a> {
    pub(super) socket: &'a UdpSocket,
    pub(super) stop: &'a Stop,
}

impl Post<'_> {
    /// Sends an update in its parts.
    pub(super) fn send_update(&self, stay: u64, seat: &mut Seat, update: &Update, path: Path) {
        self.stop.pass(path, Moment::Flushed);
        let number = seat.next_update();
        let parts = update.as_bytes().chunks(PART);
        let count = parts.len() as u8;
        for (index, part) in (0..).zip(parts) {
            if index > 0 {
                self.stop.pass(path, Moment::BetweenParts);
            }
            let part = Answer::Part {
                update: number,
                index,
                count,
                bytes: part.to_vec(),
            };
            self.send(seat.address, stay, part);
        }
        self.stop.pass(path, Moment::Sent);
    }

    /// Sends anything; a datagram that cannot be sent is a lost one.
    pub(super) fn send(&self, to: SocketAddr, stay: u64, answer: Answer) {
        let _ = self.socket.send_to(&write(&ToClient { stay, answer }), to);
    }
}
