//! The story: viewers who watch one film over servers that are killed under them.

use std::sync::RwLock;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, ScopedJoinHandle};
use std::time::{Duration, Instant};

use statecookie::{Keys, Pool, Secret};

use super::archive::Archive;
use super::film::TITLE;
use super::journal::{Event, Journal};
use super::operator::Operator;
use super::playback::{Playback, Way};
use super::screen::{Original, Screen};
use super::server::{BREAK_IT, POOL, SECRET};
use super::show::Show;
use super::state::Derived;
use super::variants::{Approximated, Partial, Whole};
use super::viewer::{Directory, Viewer};
use crate::Outcome;
use crate::fleet::{Fleet, SERVERS, new_secret};

/// How often a server is killed.
pub const KILLS: usize = 6;
/// The viewer; there is one in each way that the position may travel.
const ALICE: &str = "alice@example.org";
/// How often the story looks whether a viewer is done.
const LOOK: Duration = Duration::from_millis(20);

/// What all viewers have in common.
struct Stage {
    secret: String,
    directory: Directory,
    original: Original,
}

/// Shows the film to everybody; a broken server goes on at a wrong place.
///
/// # Errors
///
/// A check failed.
pub fn run(archive: &Archive, spoil: bool) -> Outcome<Vec<Journal>> {
    let secret = new_secret()?;
    let mut settings = vec![
        (SECRET, Some(secret.clone())),
        (BREAK_IT, spoil.then(|| "1".into())),
    ];
    settings.extend(archive.settings()?);
    let original = match archive.reel() {
        Some(reel) => Original::Files(reel.index()?),
        None => Original::MadeUp,
    };
    let fleet = Fleet::start(settings)?;
    let addresses: Outcome<_> = (0..SERVERS).map(|server| fleet.address(server)).collect();
    let stage = Stage {
        secret,
        directory: RwLock::new(addresses?),
        original,
    };
    let duration_ms = archive.duration_ms(TITLE).ok_or("no such film")?;
    stage.play(fleet, duration_ms)
}

impl Stage {
    fn play(&self, fleet: Fleet, duration_ms: u32) -> Outcome<Vec<Journal>> {
        let (events, told) = mpsc::channel();
        thread::scope(|scope| {
            let [one, two, three, four] = [(); 4].map(|()| events.clone());
            let viewers = vec![
                scope.spawn(|| self.watch::<Whole>(Way::Whole, one)),
                scope.spawn(|| self.watch::<Partial>(Way::Partial, two)),
                scope.spawn(|| self.watch::<Approximated>(Way::Approximated, three)),
                scope.spawn(|| self.watch::<Derived>(Way::Derived, four)),
            ];
            let killed = self.kill(fleet, duration_ms, &told, &viewers);
            let journals = viewers.into_iter().map(|viewer| match viewer.join() {
                Ok(journal) => Ok(journal?),
                Err(_) => Err("a viewer panicked".into()),
            });
            let journals = journals.collect::<Outcome<Vec<Journal>>>()?;
            killed.map(|()| journals)
        })
    }

    /// One viewer's evening. What went wrong crosses threads as text.
    fn watch<P: Playback>(&self, way: Way, events: Sender<Event>) -> Result<Journal, String> {
        let watch = || {
            let secret = Secret::from_hex(&self.secret)?;
            let operator = Operator::new(Pool::<P>::new(POOL, Keys::embedded(secret))?);
            let journal = Journal::new(way, events);
            let screen = |kbps| Screen::new(&self.original, way.may_repeat_ms(), kbps);
            Viewer::begin(ALICE, &self.directory, operator, screen, journal)?.watch()
        };
        watch().map_err(|error: Box<dyn std::error::Error>| format!("{}: {error}", way.name()))
    }

    /// Kills the server that everybody is at, again and again, until the viewers are done or one failed.
    fn kill(
        &self,
        mut fleet: Fleet,
        duration_ms: u32,
        told: &Receiver<Event>,
        viewers: &[ScopedJoinHandle<'_, Result<Journal, String>>],
    ) -> Outcome<()> {
        let (begun, mut kills) = (Instant::now(), 0);
        let mut show = Show::begin(begun, viewers.len());
        while !viewers.iter().all(ScopedJoinHandle::is_finished) {
            if let Ok(event) = told.recv_timeout(LOOK) {
                show.tell(event);
            }
            let watching = !viewers.iter().any(ScopedJoinHandle::is_finished);
            if watching && kills < KILLS && begun.elapsed() >= moment(kills, duration_ms) {
                let server = kills % SERVERS;
                fleet.kill(server)?;
                show.killed(server);
                fleet.restart(server)?;
                let mut addresses = self.directory.write().map_err(|_| "a viewer failed")?;
                addresses[server] = fleet.address(server)?;
                kills += 1;
            }
        }
        Ok(())
    }
}

/// When a server dies: each has lived for another part of a second.
fn moment(kill: usize, duration_ms: u32) -> Duration {
    let kill = kill as u32;
    let step = duration_ms / (KILLS as u32 + 1);
    Duration::from_millis((step * (kill + 1) + kill * kill * 377 % (step / 4)).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_server_lives_for_a_while_and_the_last_kill_is_before_the_end() {
        for duration_ms in [12_000, 28_000] {
            let mut before = Duration::ZERO;
            for kill in 0..KILLS {
                let moment = moment(kill, duration_ms);
                assert!(moment >= before + Duration::from_secs(1), "{kill}");
                before = moment;
            }
            assert!(before + Duration::from_secs(1) < Duration::from_millis(duration_ms.into()));
        }
    }
}
