//! A client's connections, one to each server, made again when they broke.

use std::net::TcpStream;

use statecookie_tests::rotation::message::{Answer, Request, receive, send};

use crate::fleet::{Fleet, OFFSETS};

#[derive(Default)]
pub(crate) struct Links([Option<TcpStream>; OFFSETS.len()]);

impl Links {
    /// `None` if the server is dead, or died over it.
    pub(crate) fn ask(
        &mut self,
        fleet: &Fleet,
        server: usize,
        request: &Request,
    ) -> Option<Answer> {
        if self.0[server].is_none() {
            self.0[server] = connect(fleet, server);
        }
        let stream = self.0[server].as_mut()?;
        let answer = send(stream, request).and_then(|()| receive(stream));
        if answer.is_err() {
            self.0[server] = None;
        }
        answer.ok()
    }
}

fn connect(fleet: &Fleet, server: usize) -> Option<TcpStream> {
    let stream = TcpStream::connect(fleet.address(server)?).ok()?;
    stream.set_nodelay(true).ok()?;
    Some(stream)
}
