//! The visitor's program: a jar without keys, a connection, and the way to the next server.

use std::io;
use std::net::TcpStream;
use std::time::Duration;

use statecookie::{Jar, Merged};

use super::protocol::{Answer, Reply, Request};
use super::state::{Item, Shop};
use crate::Outcome;
use crate::fleet::{Fleet, SERVERS};
use crate::message::{receive, send};

/// When a silent server counts as dead. A killed one is noticed at once: its connection breaks.
const PATIENCE: Duration = Duration::from_secs(2);

/// One visitor.
pub struct Client {
    login: String,
    jar: Jar,
    stream: Option<TcpStream>,
    server: usize,
}

/// What the visitor can see of the state.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// The customer's number.
    pub customer: u64,
    /// The cart with its prices.
    pub cart: Vec<Item>,
    /// The quality of the pictures.
    pub quality: u8,
    /// Metres.
    pub position: [f32; 3],
    /// Degrees.
    pub yaw: f32,
}

impl Client {
    /// A visitor in front of the door of server 0.
    ///
    /// # Errors
    ///
    /// The server is not there.
    pub fn connect(login: &str, fleet: &Fleet) -> Outcome<Self> {
        let stream = Some(connect(fleet, 0)?);
        Ok(Self {
            login: login.into(),
            jar: Jar::new(),
            stream,
            server: 0,
        })
    }

    /// The server that serves the visitor.
    pub fn server(&self) -> usize {
        self.server
    }

    /// As whom the visitor is logged in.
    pub fn login(&self) -> &str {
        &self.login
    }

    /// Sends a command and takes the answer; between the two, `meanwhile` happens.
    ///
    /// # Errors
    ///
    /// The server is gone; the jar is as it was.
    pub fn exchange(
        &mut self,
        request: &Request,
        meanwhile: impl FnOnce() -> Outcome<()>,
    ) -> Outcome<Answer> {
        let stream = self.stream.as_mut().ok_or("not connected")?;
        let sent = send(stream, request);
        meanwhile()?;
        let answer = sent.and_then(|()| receive(stream));
        let answer: Answer = answer.inspect_err(|_| self.stream = None)?;
        self.keep(&answer)?;
        Ok(answer)
    }

    /// Presents the bundle to the next servers, until one goes on; gives its first update, which is full.
    ///
    /// # Errors
    ///
    /// No server takes the visitor.
    pub fn fail_over(&mut self, fleet: &Fleet) -> Outcome<Answer> {
        let request = Request::Resume {
            login: self.login.clone(),
            bundle: self.bundle()?,
        };
        for distance in 1..=SERVERS {
            let next = (self.server + distance) % SERVERS;
            let Ok(mut stream) = connect(fleet, next) else {
                continue;
            };
            let Ok(answer) = ask(&mut stream, &request) else {
                continue;
            };
            if answer.reply == Reply::Refused {
                return Err("the next server refused an honest bundle".into());
            }
            self.keep(&answer)?;
            (self.stream, self.server) = (Some(stream), next);
            return Ok(answer);
        }
        Err("no server is left".into())
    }

    /// What the visitor would present now.
    ///
    /// # Errors
    ///
    /// The visit has not begun.
    pub fn bundle(&self) -> Outcome<Vec<u8>> {
        Ok(self.jar.bundle()?)
    }

    /// What the visitor sees, read from its own jar without any key.
    ///
    /// # Errors
    ///
    /// The visit has not begun.
    pub fn seen(&mut self) -> Outcome<Seen> {
        let view = self.jar.view::<Shop>()?;
        Ok(Seen {
            customer: *view.customer(),
            cart: view.cart().clone(),
            quality: *view.quality(),
            position: *view.position(),
            yaw: *view.yaw(),
        })
    }

    fn keep(&mut self, answer: &Answer) -> Outcome<()> {
        let Some(update) = &answer.update else {
            return Ok(());
        };
        match self.jar.merge(update)? {
            Merged::Updated => Ok(()),
            other => Err(format!("an update was not news to the jar: {other:?}").into()),
        }
    }
}

/// Asks any server one thing on a connection of its own.
///
/// # Errors
///
/// The server is not there.
pub fn ask_server(fleet: &Fleet, server: usize, request: &Request) -> Outcome<Answer> {
    Ok(ask(&mut connect(fleet, server)?, request)?)
}

fn ask(stream: &mut TcpStream, request: &Request) -> io::Result<Answer> {
    send(stream, request)?;
    receive(stream)
}

fn connect(fleet: &Fleet, server: usize) -> Outcome<TcpStream> {
    let stream = TcpStream::connect_timeout(&fleet.address(server)?, PATIENCE)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    Ok(stream)
}
