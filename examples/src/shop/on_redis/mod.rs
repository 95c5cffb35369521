//! The shop with keys of a Redis: they rotate every two seconds, and each server has a local key file and a local copy of its own.

mod keeper;

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use statecookie::{KeyPolicy, Keys, Pool, RedisKeys, Secret};

use super::crowd::Crowd;
use super::keys::{Kept, watched};
use super::meter::Meter;
use crate::Outcome;
use crate::fleet::{LETTER, SERVERS, Setting, letter, new_secret};

pub use keeper::{WORD, keep};

use keeper::Keeper;

/// The environment variable with the store's address.
const ADDRESS: &str = "SHOP_REDIS";
/// The environment variable with the pool's name.
const NAME: &str = "SHOP_POOL_NAME";
/// The environment variable with the folder in which each server has one of its own.
const FOLDER: &str = "SHOP_KEY_FOLDER";

/// How many visitors there are beside the one whose visit is shown.
pub const VISITORS: u64 = 24;

/// The longest `valid_for` of the schema.
const LONGEST: Duration = Duration::from_secs(3 * 3600);
/// Keys that change as fast as one can watch; in earnest, the defaults.
const POLICY: KeyPolicy = KeyPolicy {
    refresh: Duration::from_millis(250),
    publish_ahead: Duration::from_millis(1500),
    rotation: Duration::from_secs(2),
    skew: Duration::from_secs(1),
};

/// The store, and what the servers need to use it.
pub struct OnRedis {
    keeper: Keeper,
    local: String,
    name: String,
}

impl OnRedis {
    /// Starts a Redis of its own, unless an address is given, and makes a folder for each server.
    ///
    /// # Errors
    ///
    /// There is no `redis-server`, or no place for the folders.
    pub fn prepare(address: Option<&str>) -> Outcome<Self> {
        let mut name = new_secret()?;
        name.truncate(8);
        // Of this run alone: whatever else lies in a store that is not ours stays as it is.
        let name = format!("{}-{name}", super::server::POOL);
        let this = Self {
            keeper: Keeper::start(address, &name)?,
            local: new_secret()?,
            name,
        };
        for server in 0..SERVERS {
            this.make_folder(&letter(server).to_string())?;
        }
        this.make_folder("operator")?;
        Ok(this)
    }

    /// What each server finds in its environment.
    pub fn settings(&self) -> Vec<Setting> {
        vec![
            (ADDRESS, Some(self.keeper.address.clone())),
            (NAME, Some(self.name.clone())),
            (FOLDER, Some(self.keeper.folder.display().to_string())),
        ]
    }

    /// The operator's pool.
    ///
    /// # Errors
    ///
    /// The store gives no keys.
    pub fn operator(&self) -> Outcome<Kept> {
        let folder = self.keeper.folder.join("operator");
        pool(&self.keeper.address, &self.name, &folder)
    }

    /// Where the store is, for the reader.
    pub fn address(&self) -> &str {
        &self.keeper.address
    }

    /// In earnest an operator brings the local key to every server, as any secret.
    fn make_folder(&self, server: &str) -> Outcome<()> {
        let folder = self.keeper.folder.join(server);
        fs::create_dir(&folder)?;
        let mut options = fs::OpenOptions::new();
        let mut file = options
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(folder.join("local.key"))?;
        file.write_all(self.local.as_bytes())?;
        Ok(())
    }
}

/// The pool of the server that this process is, if it was told of a Redis.
///
/// # Errors
///
/// The store gives no keys.
pub fn of_this_server() -> Outcome<Option<Kept>> {
    let Ok(address) = std::env::var(ADDRESS) else {
        return Ok(None);
    };
    let folder = PathBuf::from(std::env::var(FOLDER)?).join(std::env::var(LETTER)?);
    pool(&address, &std::env::var(NAME)?, &folder).map(Some)
}

/// What a server of the pool does to have its keys in a Redis.
fn pool(address: &str, name: &str, folder: &Path) -> Outcome<Kept> {
    let local = Secret::from_file(folder.join("local.key"))?;
    let keys = RedisKeys::at(address, name, &local)?
        .key_policy(POLICY)
        .longest_validity(LONGEST)
        .local_copy(folder.join("keys.sealed"));
    let pool = Pool::builder(name, Keys::source(keys)).key_policy(POLICY);
    watched(pool.build()?)
}

/// How many sessions went on, and under how many keys.
///
/// # Errors
///
/// A session was lost, or the keys did not rotate twice.
pub fn report(meter: &Meter, crowd: &Crowd) -> Outcome<()> {
    let continued = meter.fail_overs.len() as u64 + crowd.continued;
    let keys = meter.keys.union(&crowd.keys).count();
    let rotations = keys.saturating_sub(1);
    println!(
        "\n  {:<52}{:>9}",
        "sessions that went on at another server", continued
    );
    println!("  {:<52}{:>9}", "  that were lost", crowd.lost.len());
    println!(
        "  {:<52}{:>9}",
        "keys that signed for them, each by its id", keys
    );
    println!("  {:<52}{:>9}", "  rotations while servers died", rotations);
    if let Some(first) = crowd.lost.first() {
        return Err(format!(
            "{} sessions were lost; the first: {first}",
            crowd.lost.len()
        )
        .into());
    }
    if rotations < 2 {
        return Err("the keys did not rotate often enough to prove anything".into());
    }
    Ok(())
}
