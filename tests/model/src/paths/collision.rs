//! Where the model is blind: it takes no two tags to begin alike, and links are four bytes. A client that forks its session
//! often enough finds two roots with one link; what was issued under the one must not be restored under the other.

use std::collections::HashMap;

use statecookie::{Pool, Reason};

use crate::model::rules::Rules;
use crate::model::scope::Scope;
use crate::model::state::MAX_TIERS;
use crate::real::cookies::{self, UpdateBytes};
use crate::real::pool::{Servers, time};
use crate::real::same;
use crate::real::visits::{Duo, Values, Visit};

/// Twenty times the forks that it should take.
const MOST: usize = 1 << 21;

/// Forks a session until two roots have one link, and presents what stands under them crosswise; gives the number of forks.
pub(crate) fn collision(scope: &Scope, seed: u64) -> Result<usize, String> {
    let servers = Servers::<Duo>::of(scope)?;
    servers.shake(seed);
    let pool = servers.first();
    let mut opened = pool
        .open_at(Duo::of(&Values::default()), time(0))
        .map_err(|error| error.to_string())?;
    let bundle = opened
        .flush_full_at(time(0))
        .map_err(|error| error.to_string())?;
    let root = scope.rules.root();
    let mut by_link = HashMap::<[u8; 4], UpdateBytes>::new();
    for forks in 1..MOST {
        let fork = fork(pool, &bundle)?;
        let link = fork.cookies[root].link().ok_or("a cookie without a tag")?;
        if let Some(other) = by_link.insert(link, fork.clone()) {
            present(pool, &scope.rules, &fork, &other)?;
            present(pool, &scope.rules, &other, &fork)?;
            return Ok(forks);
        }
    }
    Err(format!("no two of {MOST} roots have one link"))
}

/// What another server would issue that was handed the same bundle.
fn fork(pool: &Pool<Duo>, bundle: &[u8]) -> Result<UpdateBytes, String> {
    let resumed = pool
        .resume_at(bundle, time(0))
        .map_err(|refusal| refusal.to_string())?;
    let mut session = resumed.session;
    let update = session
        .flush_at(time(0))
        .map_err(|error| error.to_string())?
        .ok_or("nothing was issued")?;
    cookies::cut(&update).ok_or("an update that cannot be cut".into())
}

/// The root of one under the rest of the other, and for comparison the one as it was issued.
fn present(
    pool: &Pool<Duo>,
    rules: &Rules,
    one: &UpdateBytes,
    other: &UpdateBytes,
) -> Result<(), String> {
    let verdict = |chain: [&UpdateBytes; MAX_TIERS]| {
        let bundle = cookies::put_together(rules.tiers, chain);
        pool.resume_at(&bundle, time(0))
            .map(|_| ())
            .map_err(|refusal| refusal.reason)
    };
    same("a chain as issued", &Ok(()), &verdict([one; MAX_TIERS]))?;
    same(
        "a chain across one link",
        &Err(Reason::BadTag),
        &verdict([other, one, one]),
    )
}
