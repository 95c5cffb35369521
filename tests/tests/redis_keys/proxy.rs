//! A way to the store that is slow, silent, or ends in the middle.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Way {
    /// Each piece takes that long, in each direction.
    Slow(Duration),
    /// Nothing comes through, and nobody says so.
    Silent,
    /// What the store answers is cut after so many bytes of a connection.
    Cut(usize),
}

/// A proxy to a port of this machine; its threads end with the test's process.
#[derive(Clone)]
pub(crate) struct Proxy {
    port: u16,
    store: Arc<Mutex<u16>>,
    way: Arc<Mutex<Way>>,
}

impl Proxy {
    pub(crate) fn to(store: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let way = Arc::new(Mutex::new(Way::Slow(Duration::ZERO)));
        let store = Arc::new(Mutex::new(store));
        let theirs = (Arc::clone(&store), Arc::clone(&way));
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                connect(client, *theirs.0.lock().unwrap(), *theirs.1.lock().unwrap());
            }
        });
        Self { port, store, way }
    }

    pub(crate) fn address(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Leads connections to come elsewhere.
    pub(crate) fn leads_to(&self, store: u16) {
        *self.store.lock().unwrap() = store;
    }

    /// How connections to come fare.
    pub(crate) fn becomes(&self, way: Way) {
        *self.way.lock().unwrap() = way;
    }
}

fn connect(client: TcpStream, store: u16, way: Way) {
    let Ok(store) = TcpStream::connect(("127.0.0.1", store)) else {
        return;
    };
    let (back, forth) = (store.try_clone().unwrap(), client.try_clone().unwrap());
    let forwards = if let Way::Cut(_) = way {
        Way::Slow(Duration::ZERO)
    } else {
        way
    };
    thread::spawn(move || pass(client, store, forwards));
    thread::spawn(move || pass(back, forth, way));
}

fn pass(mut from: TcpStream, mut to: TcpStream, way: Way) {
    let mut piece = [0; 4096];
    let mut left = match way {
        Way::Cut(left) => left,
        _ => usize::MAX,
    };
    while let Ok(len @ 1..) = from.read(&mut piece) {
        match way {
            Way::Silent => continue,
            Way::Slow(time) => thread::sleep(time),
            Way::Cut(_) => {}
        }
        let len = len.min(left);
        left -= len;
        if to.write_all(&piece[..len]).is_err() || left == 0 {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
    let _ = from.shutdown(Shutdown::Both);
}
