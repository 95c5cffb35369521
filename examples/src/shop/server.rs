//! A server process: no file, no database, no word with the other servers; only the pool's keys.

use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use statecookie::{Entropy, Pool, Session, SystemEntropy};

use super::keys;
use super::protocol::{Answer, Reply, Request};
use super::state::{Item, Shop, price};
use crate::Outcome;
use crate::fleet::listen;
use crate::message::{receive, send};

/// The pool's name.
pub const POOL: &str = "shop.example";
/// The environment variable with the pool's secret.
pub const SECRET: &str = "SHOP_POOL_SECRET";
/// The environment variable that makes a server spoil what it restores.
pub const BREAK_IT: &str = "SHOP_BREAK_IT";

/// How long a server works on a command before it answers, so that it can die over it.
const WORK: Duration = Duration::from_millis(2);

/// Serves until its launcher ends.
///
/// # Errors
///
/// There are no keys or no port.
pub fn serve() -> Outcome<()> {
    let (pool, _watch) = keys::of_this_server()?;
    let spoil = std::env::var_os(BREAK_IT).is_some();
    for stream in listen()?.incoming() {
        let (stream, pool) = (stream?, pool.clone());
        let desk = Desk {
            pool,
            spoil,
            session: None,
        };
        thread::spawn(move || desk.serve(stream));
    }
    Ok(())
}

/// One connection, and the session of its visitor.
struct Desk {
    pool: Pool<Shop>,
    spoil: bool,
    session: Option<Session<Shop>>,
}

impl Desk {
    fn serve(mut self, mut stream: TcpStream) {
        let _ = stream.set_nodelay(true);
        while let Ok(request) = receive(&mut stream) {
            let answer = self.answer(request);
            if send(&mut stream, &answer).is_err() {
                return;
            }
        }
    }

    fn answer(&mut self, request: Request) -> Answer {
        match self.carry_out(request) {
            Ok(answer) => answer,
            Err(reason) => {
                // For the operator. The visitor learns nothing but that it was refused.
                if std::env::var_os("SHOP_LOG").is_some() {
                    eprintln!("refused: {reason}");
                }
                Answer {
                    reply: Reply::Refused,
                    update: None,
                }
            }
        }
    }

    fn carry_out(&mut self, request: Request) -> Outcome<Answer> {
        let reply = match request {
            Request::Open { login, customer } => self.open(&login, customer)?,
            Request::Resume { login, bundle } => self.resume(&login, &bundle)?,
            command => self.command(command)?,
        };
        let session = self.session.as_mut().ok_or("no session")?;
        let update = session.flush()?.map(|update| update.into_bytes());
        Ok(Answer { reply, update })
    }

    fn open(&mut self, login: &str, customer: u64) -> Outcome<Reply> {
        let state = Shop::at_the_entrance(customer, ask_the_credit_office()?);
        self.session = Some(self.pool.open_bound(state, login.as_bytes())?);
        Ok(Reply::Done)
    }

    fn resume(&mut self, login: &str, bundle: &[u8]) -> Outcome<Reply> {
        let mut session = self.pool.resume_bound(bundle, login.as_bytes())?.session;
        if self.spoil {
            session.edit().cart_mut().truncate(1);
        }
        self.session = Some(session);
        Ok(Reply::Done)
    }

    fn command(&mut self, command: Request) -> Outcome<Reply> {
        let session = self.session.as_mut().ok_or("no session")?;
        thread::sleep(WORK);
        match command {
            Request::Move { position, yaw } => {
                session.edit().set_position(position)?;
                session.edit().set_yaw(yaw)?;
            }
            Request::Quality(quality) => session.edit().set_quality(quality)?,
            Request::Put(article) => put(session, &article)?,
            Request::Credit(euro) => return Ok(Reply::Credit(euro <= session.credit_rating)),
            Request::Open { .. } | Request::Resume { .. } => return Err("not a command".into()),
        }
        Ok(Reply::Done)
    }
}

fn put(session: &mut Session<Shop>, article: &str) -> Outcome<()> {
    let cents = price(article).ok_or("no such article")?;
    let mut edit = session.edit();
    let cart = edit.cart_mut();
    match cart.iter_mut().find(|item| item.article == article) {
        Some(item) => item.count += 1,
        None => cart.push(Item {
            article: article.into(),
            cents,
            count: 1,
        }),
    }
    Ok(())
}

/// Nobody but the server that asks knows the answer: the others can have it from the cookie only.
fn ask_the_credit_office() -> Outcome<u16> {
    let mut bytes = [0; 2];
    SystemEntropy.fill(&mut bytes)?;
    Ok(300 + u16::from_le_bytes(bytes) % 550)
}
