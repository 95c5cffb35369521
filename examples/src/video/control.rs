//! The client's connection to a server: what it says comes in when it likes, between the frames.

use std::io::{self, ErrorKind, Read};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use super::protocol::{Message, Request};
use crate::Outcome;
use crate::message::{receive, send, take};

/// How long a server may take to begin.
const PATIENCE: Duration = Duration::from_secs(5);

/// A connection over which a film is running.
pub struct Control {
    stream: TcpStream,
    unread: Vec<u8>,
    /// Where the packets come from.
    pub media: SocketAddr,
}

/// How a server answered.
pub enum Answer {
    /// With a film, and the cookies of all tiers.
    Started(Control, Vec<u8>),
    /// With its one refusal.
    Refused,
}

impl Control {
    /// Asks a server to begin.
    ///
    /// # Errors
    ///
    /// The server is not there, or does not answer.
    pub fn begin(server: SocketAddr, request: &Request) -> Outcome<Answer> {
        let mut stream = TcpStream::connect_timeout(&server, PATIENCE)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        send(&mut stream, request)?;
        match receive(&mut stream)? {
            Message::Started { media, update } => {
                stream.set_nonblocking(true)?;
                let control = Self {
                    stream,
                    unread: Vec::new(),
                    media: SocketAddr::new(server.ip(), media),
                };
                Ok(Answer::Started(control, update))
            }
            Message::Refused => Ok(Answer::Refused),
            Message::Update(_) => Err("an update before the beginning".into()),
        }
    }

    /// Sends a command.
    ///
    /// # Errors
    ///
    /// The server is gone.
    pub fn tell(&mut self, request: &Request) -> io::Result<()> {
        send(&mut self.stream, request)
    }

    /// Takes what has come; gives whether the server is still there.
    ///
    /// # Errors
    ///
    /// It makes no sense.
    pub fn hear(&mut self, messages: &mut Vec<Message>) -> io::Result<bool> {
        let alive = self.read();
        while let Some(message) = take(&mut self.unread)? {
            messages.push(message);
        }
        Ok(alive)
    }

    fn read(&mut self) -> bool {
        let mut buffer = [0; 4_096];
        loop {
            match self.stream.read(&mut buffer) {
                Ok(0) => return false,
                Ok(len) => self.unread.extend_from_slice(&buffer[..len]),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return true,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return false,
            }
        }
    }
}
