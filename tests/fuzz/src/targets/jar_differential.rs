//! The jar against the definitions: after every update of one session, whatever its cookies claim, the same best chain.

use arbitrary::{Result, Unstructured};
use statecookie::{Jar, Merged};
use statecookie_tests::jar_model::{Expected, ModelCookie, ModelUpdate, blob, oracle};

/// Fewer than a jar keeps of each tier, so that its cap is never reached; the definitions know none.
const MOST_UPDATES: usize = 7;

/// `jar_differential`: updates whose vectors, links and tags come from small sets, so that they meet and collide.
pub fn run(data: &[u8]) {
    let mut u = Unstructured::new(data);
    let _ = play(&mut u);
}

fn play(u: &mut Unstructured<'_>) -> Result<()> {
    let tiers = u.arbitrary::<u8>()? % 4 + 1;
    let mut jar = Jar::new();
    let mut updates = Vec::<ModelUpdate>::new();
    let mut before = oracle(&updates);
    // The oracle looks at every combination of the cookies of all tiers.
    let most = if tiers == 4 { 5 } else { MOST_UPDATES };
    while updates.len() < most && !u.is_empty() {
        let update = match u.arbitrary::<u8>()? {
            again @ 0..=31 if !updates.is_empty() => {
                updates[usize::from(again) % updates.len()].clone()
            }
            _ => made_up(u, tiers, &updates)?,
        };
        let outcome = jar.merge(&blob(0, &update));
        updates.push(update);
        let after = oracle(&updates);
        compare(&jar, outcome.expect("an update"), &before, &after);
        before = after;
    }
    Ok(())
}

fn compare(jar: &Jar, outcome: Merged, before: &Expected, after: &Expected) {
    assert_eq!(jar.bundle().ok(), after.bundle());
    assert_eq!(jar.has_gap(), after.gap);
    let lowest = after.best.as_ref().and_then(|chain| chain.last());
    assert_eq!(jar.vector(), lowest.map(|cookie| &cookie.vector[..]));
    let expected = match () {
        () if after.gap => Merged::NeedsFull,
        () if after.best == before.best => Merged::Unchanged,
        () => Merged::Updated,
    };
    assert_eq!(outcome, expected);
}

/// An update below some cookie that went before, or below none.
fn made_up(u: &mut Unstructured<'_>, tiers: u8, updates: &[ModelUpdate]) -> Result<ModelUpdate> {
    let highest = u.arbitrary::<u8>()? % tiers;
    let above = updates
        .iter()
        .flatten()
        .filter(|cookie| cookie.tier == highest + 1);
    let above: Vec<_> = above.collect();
    let mut vector = match u.arbitrary::<u8>()? {
        0..=31 => (highest + 1..tiers)
            .map(|_| counter(u))
            .collect::<Result<_>>()?,
        chosen => match above.len() {
            0 => vec![0; usize::from(tiers - 1 - highest)],
            len => above[usize::from(chosen) % len].vector.clone(),
        },
    };
    let mut link = match u.arbitrary::<u8>()? {
        chosen @ 32.. if !above.is_empty() => link_to(above[usize::from(chosen) % above.len()]),
        any => [any & 3; 4],
    };
    let mut update = ModelUpdate::new();
    for tier in (0..=highest).rev() {
        vector.push(counter(u)?);
        let marks = u.arbitrary::<u8>()?;
        let mut tag = [marks >> 2 & 3; 16];
        tag[..4].fill(marks & 3);
        let mutable = vec![marks >> 4 & 3; usize::from(marks >> 6)];
        let cookie = ModelCookie {
            tier,
            tiers,
            session: 1,
            vector: vector.clone(),
            link,
            tag,
            mutable,
        };
        link = link_to(&cookie);
        update.push(cookie);
    }
    Ok(update)
}

fn link_to(cookie: &ModelCookie) -> [u8; 4] {
    [cookie.tag[0], cookie.tag[1], cookie.tag[2], cookie.tag[3]]
}

fn counter(u: &mut Unstructured<'_>) -> Result<u64> {
    Ok(match u.arbitrary::<u8>()? {
        large @ 250.. => u64::MAX - u64::from(255 - large),
        small => u64::from(small % 4),
    })
}
