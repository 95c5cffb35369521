//! The edges of time: one millisecond before, at and after everything that begins or ends, at every server.

use super::base::Base;
use crate::arena::Arena;
use crate::dice::Dice;
use crate::oracle::judge::{Circumstances, ServerFacts};
use crate::oracle::keys::millis;
use crate::oracle::ledger::Ledger;
use crate::schemas::Known;
use crate::tally::Class;

/// The chain at all the edges of its life, at some servers.
pub(crate) fn edges<S: Known>(arena: &mut Arena<'_, S>, base: &Base, dice: &mut Dice) {
    for server in 0..arena.servers.len() {
        let blob = base.blob::<S>(dice);
        for edge in edges_of(arena.ledger, &arena.servers[server].facts, &base.chain) {
            for now in [edge.saturating_sub(1), edge, edge.saturating_add(1)] {
                let shown = Circumstances {
                    server,
                    now,
                    ..base.shown
                };
                arena.present(Class::Clock, &shown, &blob);
            }
        }
    }
}

fn edges_of<S: Known>(ledger: &Ledger<S>, server: &ServerFacts, chain: &[usize]) -> Vec<u64> {
    let root = ledger.cookie(chain[0]).root;
    let end = millis(root.born + root.lifetime);
    let local_end = millis(root.born + server.schema.session_max);
    let mut edges = vec![
        0,
        u64::MAX,
        millis(root.born),
        end,
        end + server.leeway,
        local_end,
    ];
    if let Some(key) = server.keys.key(root.key) {
        edges.extend([
            millis(key.accept_until),
            millis(key.activates_at),
            server.keys.known_from(&key),
        ]);
    }
    for number in chain {
        let cookie = ledger.cookie(*number);
        let (begin, over) = (millis(cookie.not_before), millis(cookie.not_after));
        let clipped = millis(cookie.not_before + server.schema.valid_secs(cookie.tier));
        edges.extend([
            begin,
            begin.saturating_sub(server.leeway),
            over,
            over + server.leeway,
            clipped + server.leeway,
        ]);
    }
    edges.sort_unstable();
    edges.dedup();
    edges
}
