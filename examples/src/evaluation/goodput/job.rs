//! One job from its beginning to its end, over servers that die: real sessions, a real jar, a simulated clock.

use rand_distr::{Distribution, Exp};
use rand_pcg::Pcg64;
use statecookie::{BundleError, Jar, Merged, Pool, Session, StateCookie};

use super::Setting;
use crate::Outcome;
use crate::evaluation::{moment, pool};

/// The state of a job: what is asked for, and how far it has come.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(version = 1, tier(1, valid_for = "3h"), tier(0, valid_for = "10m"))]
pub struct Job {
    /// Which job it is.
    #[tier(1)]
    #[immutable]
    pub number: u64,
    /// Its work, in units.
    #[tier(1)]
    #[immutable]
    pub work: u64,
    /// The units that are done.
    #[tier(0)]
    #[immutable]
    pub done: u64,
}

/// What the client of a job does when its server dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailOver {
    /// It presents its cookies to another server.
    Cookies,
    /// It keeps none, and begins anew.
    Restart,
}

/// What a job took.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Taken {
    /// Microseconds until the client had the job's last cookie.
    pub time: f64,
    /// Servers that died over it.
    pub deaths: u64,
    /// Sessions that went on from a bundle.
    pub resumed: u64,
    /// Updates that were sent.
    pub updates: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// Servers and a client; each job begins with a fresh client.
pub struct Simulator {
    servers: [Pool<Job>; 2],
    setting: Setting,
    fail_over: FailOver,
    lives: Exp<f64>,
}

impl Simulator {
    /// Servers that share a key, for jobs of one setting.
    pub fn new(setting: Setting, fail_over: FailOver) -> Outcome<Self> {
        Ok(Self {
            servers: [pool("jobs.example")?, pool("jobs.example")?],
            setting,
            fail_over,
            lives: Exp::new(1.0 / setting.mtbf as f64).map_err(|error| error.to_string())?,
        })
    }

    /// Runs a job to its end.
    pub fn run(&self, number: u64, chance: &mut Pcg64) -> Outcome<Taken> {
        let mut client = Client::default();
        loop {
            let server = &self.servers[client.taken.deaths as usize % 2];
            let session = self.begin(server, number, &mut client)?;
            let life = self.lives.sample(chance);
            if let Some(lasted) = self.live(session, life, &mut client)? {
                client.taken.time += lasted;
                return Ok(client.taken);
            }
            client.taken.time += life;
            client.taken.deaths += 1;
        }
    }

    /// A session that goes on from what the client holds, or a new one if it holds nothing.
    fn begin(&self, server: &Pool<Job>, number: u64, client: &mut Client) -> Outcome<Session<Job>> {
        if self.fail_over == FailOver::Restart {
            client.forget();
        }
        let now = moment(client.taken.time);
        let bundle = match client.jar.bundle() {
            Ok(bundle) => bundle,
            Err(BundleError::NothingToPresent) => {
                let work = self.setting.work;
                let job = Job {
                    number,
                    work,
                    done: 0,
                };
                return Ok(server.open_at(job, now)?);
            }
            Err(error) => return Err(error.into()),
        };
        let session = server.resume_at(&bundle, now)?.session;
        client.taken.resumed += 1;
        if (session.number, session.done) != (number, client.acknowledged) {
            return Err(format!("{:?} is not what the client holds", *session).into());
        }
        Ok(session)
    }

    /// A server's work on a job until it dies, or until the client has the last cookie: then after which time.
    fn live(
        &self,
        mut session: Session<Job>,
        life: f64,
        client: &mut Client,
    ) -> Outcome<Option<f64>> {
        let Setting {
            work,
            interval,
            delay,
            ..
        } = self.setting;
        let (begun, from) = (client.taken.time, session.done);
        let mut done = from;
        loop {
            let age = (done - from) as f64;
            if age > life {
                return Ok(None);
            }
            client.buffer.clear();
            let sent = session.flush_into_at(&mut client.buffer, moment(begun + age))?;
            sent.ok_or("nothing to flush")?;
            let arrival = age + delay as f64;
            client.sent(done, arrival <= life)?;
            if done == work {
                return Ok((arrival <= life).then_some(arrival));
            }
            done = work.min(done + interval);
            *session.edit().done_mut() = done;
        }
    }
}

/// What the client holds and has seen.
#[derive(Default)]
struct Client {
    jar: Jar,
    /// The work of the newest cookie that arrived.
    acknowledged: u64,
    buffer: Vec<u8>,
    taken: Taken,
}

impl Client {
    /// The update in the buffer was sent; what is under way when its server dies is lost.
    fn sent(&mut self, done: u64, arrives: bool) -> Outcome<()> {
        self.taken.updates += 1;
        self.taken.bytes += self.buffer.len() as u64;
        if !arrives {
            return Ok(());
        }
        match self.jar.merge(&self.buffer)? {
            Merged::Updated => self.acknowledged = done,
            other => return Err(format!("the jar says {other:?}").into()),
        }
        Ok(())
    }

    fn forget(&mut self) {
        self.jar.clear();
        self.acknowledged = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::statistics::Sample;

    const SETTING: Setting = Setting {
        work: 10_000_000,
        interval: 3_000_000,
        delay: 0,
        mtbf: 20_000_000,
    };

    fn taken(setting: Setting, fail_over: FailOver, jobs: u64) -> Vec<Taken> {
        let simulator = Simulator::new(setting, fail_over).unwrap();
        let mut chance = Pcg64::new(7, 7);
        let job = |number| simulator.run(number, &mut chance).unwrap();
        (0..jobs).map(job).collect()
    }

    #[test]
    fn without_failures_a_job_takes_its_work_and_the_way_of_the_last_cookie() {
        let setting = Setting {
            delay: 250_000,
            mtbf: u64::MAX,
            ..SETTING
        };
        for taken in taken(setting, FailOver::Cookies, 3) {
            assert_eq!(taken.time, 10_250_000.0);
            assert_eq!((taken.deaths, taken.resumed), (0, 0));
            // One when the session opens, three intervals, and the rest.
            assert_eq!(taken.updates, 5);
        }
    }

    #[test]
    fn a_seed_repeats_a_run() {
        let run = || taken(SETTING, FailOver::Cookies, 20);
        assert_eq!(run(), run());
    }

    #[test]
    fn a_job_goes_on_from_its_cookies_after_each_death() {
        let run = taken(SETTING, FailOver::Cookies, 100);
        assert!(run.iter().any(|taken| taken.deaths > 1));
        assert!(run.iter().all(|taken| taken.resumed == taken.deaths));
    }

    #[test]
    fn a_client_without_cookies_never_resumes() {
        let run = taken(SETTING, FailOver::Restart, 100);
        assert!(run.iter().any(|taken| taken.deaths > 1));
        assert!(run.iter().all(|taken| taken.resumed == 0));
    }

    #[test]
    fn times_are_those_of_the_formula() {
        for (delay, fail_over) in [
            (0, FailOver::Cookies),
            (2_000_000, FailOver::Cookies),
            (0, FailOver::Restart),
        ] {
            let setting = Setting { delay, ..SETTING };
            let run = taken(setting, fail_over, 2_000);
            let times: Sample = run.iter().map(|taken| taken.time).collect();
            let interval = match fail_over {
                FailOver::Cookies => setting.interval,
                FailOver::Restart => setting.work,
            };
            let expected = Setting {
                interval,
                ..setting
            }
            .expected_time();
            let off = times.deviation_from(expected);
            assert!(off.abs() < 4.0, "{delay} {fail_over:?}: {off}");
        }
    }
}
