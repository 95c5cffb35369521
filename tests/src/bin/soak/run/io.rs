//! What clients act upon: the network, the servers, the dice, and the counts.

use std::collections::HashMap;
use std::net::SocketAddr;

use rand::RngExt;
use rand::rngs::StdRng;

use super::fleet::{Fleet, SERVERS, ServerId};
use super::forks::Birth;
use super::network::Network;
use super::tally::Tally;
use crate::Outcome;
use crate::point::{Aim, ClientMoment};
use crate::wire::{Request, ToServer, write};

/// All of it.
pub(crate) struct Io {
    pub(crate) network: Network,
    pub(crate) fleet: Fleet,
    pub(crate) tally: Tally,
    pub(crate) dice: StdRng,
    /// Whose stay it is.
    pub(crate) routes: HashMap<u64, u32>,
    /// How many clients each server has.
    pub(crate) load: [usize; SERVERS],
    /// Forks that clients made.
    pub(crate) births: Vec<Birth>,
    /// What clients that are watched have merged.
    pub(crate) merged: Vec<(u64, Vec<u8>)>,
    /// Whether clients may still do what begins something new.
    pub(crate) closing: bool,
    pub(crate) stays: u64,
}

/// Where a client stays.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) number: usize,
    pub(crate) server: ServerId,
    pub(crate) address: SocketAddr,
}

impl Io {
    /// A number that no stay had before.
    pub(crate) fn new_stay(&mut self, client: u32) -> u64 {
        self.stays += 1;
        self.routes.insert(self.stays, client);
        self.stays
    }

    /// A server that is ready, but not the one at `avoid`: of two at random, the one with fewer clients.
    pub(crate) fn choose(&mut self, avoid: Option<usize>) -> Option<Place> {
        let ready = |fleet: &Fleet, number: usize| {
            let (server, address) = fleet.at(number)?;
            Some(Place {
                number,
                server,
                address,
            })
        };
        let servers = (0..SERVERS).filter(|place| Some(*place) != avoid);
        let places: Vec<Place> = servers
            .filter_map(|place| ready(&self.fleet, place))
            .collect();
        let two = [(); 2].map(|()| self.dice.random_range(0..places.len().max(1)));
        let chosen = two.into_iter().filter_map(|at| places.get(at));
        chosen.min_by_key(|place| self.load[place.number]).copied()
    }

    /// Sends a request.
    pub(crate) fn send(&mut self, to: Place, stay: u64, client: u32, request: Request) {
        let bytes = write(&ToServer {
            stay,
            client,
            request,
        });
        self.network.send(to.address, &bytes);
    }

    /// A client's part of the boundaries: its server may die at this moment.
    pub(crate) fn pass(&mut self, place: Place, moment: ClientMoment) -> Outcome<()> {
        let current = self.fleet.at(place.number).map(|(server, _)| server);
        if current != Some(place.server) {
            return Ok(());
        }
        self.end_if(place.number, Aim::Client(moment))
    }

    /// True once in so many times.
    pub(crate) fn once_in(&mut self, times: u32) -> bool {
        self.dice.random_range(0..times) == 0
    }

    fn end_if(&mut self, place: usize, aim: Aim) -> Outcome<()> {
        let before = self.fleet.started();
        self.fleet.pass(place, aim)?;
        if self.fleet.started() > before {
            self.tally.kills.add(aim);
        }
        Ok(())
    }
}
