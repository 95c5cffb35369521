//! Each claim against each record that it can meet.

use core::time::Duration;

use super::*;
use crate::marks::mark::Ticket;
use crate::tier::TierSet;

const OWN: Ticket = [1; 16];
const OTHER: Ticket = [2; 16];
const NOW: Timestamp = Timestamp::from_secs(1_000);

/// The mark of these counters; on branch 0, unless said otherwise.
fn mark(root: u64, tier: u64) -> Mark {
    Mark::new([root, tier].into(), [0; 4])
}

fn elsewhere(root: u64, tier: u64) -> Mark {
    Mark::new([root, tier].into(), [9; 4])
}

fn claim(act: Act, from: impl Into<Option<Mark>>, to: impl Into<Option<Mark>>) -> Claim {
    Claim {
        act,
        session: [7; 16],
        from: from.into(),
        to: to.into(),
        ticket: OWN,
        tiers: TierSet::ALL,
        keep_for: Duration::from_secs(60),
        grace: Duration::from_secs(5),
    }
}

fn standing(mark: Mark, holder: Ticket, taken: bool) -> MarkRecord {
    MarkRecord(Record::Standing(Standing {
        mark,
        holder,
        taken,
        since: NOW,
        previous: None,
    }))
}

fn kept(weighed: Weighed) -> Standing {
    assert_eq!(weighed.verdict, Verdict::Accepted);
    match weighed.keep.map(|record| record.0) {
        Some(Record::Standing(standing)) => standing,
        other => panic!("{other:?}"),
    }
}

fn verdict(claim: &Claim, stored: &MarkRecord) -> Verdict {
    let weighed = claim.weigh(Some(stored), NOW);
    if weighed.verdict != Verdict::Accepted {
        assert_eq!(weighed.keep, None, "a refusal changes nothing");
    }
    weighed.verdict
}

#[test]
fn where_nothing_is_kept_everything_is_believed() {
    let resumed = kept(claim(Act::Resume, mark(3, 4), None).weigh(None, NOW));
    assert_eq!(
        (resumed.mark, resumed.holder, resumed.taken),
        (mark(3, 4), OWN, true)
    );
    let requested = kept(claim(Act::Request, mark(3, 4), None).weigh(None, NOW));
    assert_eq!((requested.holder, requested.taken), ([0; 16], false));
    let issued = kept(claim(Act::Issue, mark(3, 4), mark(3, 5)).weigh(None, NOW));
    assert_eq!(
        (issued.mark, issued.previous),
        (mark(3, 5), Some(mark(3, 4)))
    );
    assert_eq!(
        (issued.holder, issued.taken, issued.since),
        (OWN, false, NOW)
    );
    for act in [Act::Leave, Act::Revoke] {
        let weighed = claim(act, mark(3, 4), None).weigh(None, NOW);
        let ended = MarkRecord(Record::Ended { by: OWN });
        assert_eq!(weighed.keep, Some(ended));
    }
}

#[test]
fn what_was_ended_stays_so() {
    let by = |by| MarkRecord(Record::Ended { by });
    for act in [Act::Resume, Act::Request, Act::Issue, Act::Leave] {
        let late = claim(act, mark(9, 9), mark(9, 10));
        assert_eq!(verdict(&late, &by(OTHER)), Verdict::Revoked, "{act:?}");
    }
    let leave = claim(Act::Leave, mark(9, 9), None);
    assert_eq!(verdict(&leave, &by(OWN)), Verdict::Accepted, "tried again");
    let revoke = claim(Act::Revoke, None, None);
    assert_eq!(verdict(&revoke, &by(OTHER)), Verdict::Accepted);
}

#[test]
fn a_presentation_is_held_against_the_mark() {
    let stored = standing(mark(3, 4), OTHER, false);
    for act in [Act::Resume, Act::Request] {
        let say = |presented| verdict(&claim(act, presented, None), &stored);
        assert_eq!(say(mark(3, 4)), Verdict::Accepted);
        assert_eq!(say(mark(3, 5)), Verdict::Accepted);
        assert_eq!(say(elsewhere(4, 0)), Verdict::Accepted);
        assert_eq!(say(mark(3, 3)), Verdict::RolledBack);
        assert_eq!(say(mark(2, 9)), Verdict::RolledBack);
        assert_eq!(say(elsewhere(3, 4)), Verdict::Forked);
        assert_eq!(say(elsewhere(3, 3)), Verdict::Forked);
    }
}

#[test]
fn who_resumes_takes_over_and_who_requests_does_not() {
    for stored in [
        standing(mark(3, 4), OTHER, false),
        standing(mark(3, 4), OTHER, true),
    ] {
        let taken = kept(claim(Act::Resume, mark(3, 4), None).weigh(Some(&stored), NOW));
        assert_eq!((taken.holder, taken.taken), (OWN, true));
        let weighed = claim(Act::Request, mark(3, 4), None).weigh(Some(&stored), NOW);
        assert_eq!((weighed.verdict, weighed.keep), (Verdict::Accepted, None));
    }
    let own = standing(mark(3, 4), OWN, true);
    let again = claim(Act::Resume, mark(3, 4), None).weigh(Some(&own), NOW);
    assert_eq!((again.verdict, again.keep), (Verdict::Accepted, None));
}

#[test]
fn one_issues_from_where_the_session_stands() {
    let issue = claim(Act::Issue, mark(3, 4), mark(3, 5));
    for (stored, expected) in [
        (standing(mark(3, 4), OTHER, false), Verdict::Accepted),
        (standing(mark(3, 4), OWN, true), Verdict::Accepted),
        // A claim whose answer was lost, and one that was never issued.
        (standing(mark(3, 5), OWN, false), Verdict::Accepted),
        // One that went further and was not issued either: this one is older.
        (standing(mark(4, 0), OWN, false), Verdict::Forked),
        // Not kept while the store was away.
        (standing(mark(3, 3), OTHER, false), Verdict::Accepted),
        (standing(mark(3, 3), OTHER, true), Verdict::Accepted),
        (standing(mark(3, 4), OTHER, true), Verdict::Forked),
        (standing(elsewhere(3, 4), OTHER, false), Verdict::Forked),
        (standing(mark(3, 5), OTHER, false), Verdict::Forked),
        (standing(elsewhere(4, 0), OTHER, false), Verdict::Forked),
    ] {
        assert_eq!(verdict(&issue, &stored), expected, "{stored:?}");
    }
    let further = claim(Act::Issue, mark(3, 4), mark(4, 0));
    let unissued = standing(mark(3, 5), OWN, false);
    assert_eq!(verdict(&further, &unissued), Verdict::Accepted);
    let new = claim(Act::Issue, None, mark(0, 0));
    let theirs = standing(mark(0, 0), OTHER, false);
    assert_eq!(
        verdict(&new, &theirs),
        Verdict::Forked,
        "nobody has another's id"
    );
}

#[test]
fn one_leaves_only_what_he_holds() {
    let leave = claim(Act::Leave, mark(3, 4), None);
    for (stored, expected) in [
        (standing(mark(3, 4), OTHER, false), Verdict::Accepted),
        (standing(mark(3, 4), OWN, true), Verdict::Accepted),
        (standing(mark(3, 4), OTHER, true), Verdict::Forked),
        (standing(elsewhere(4, 0), OTHER, false), Verdict::Forked),
    ] {
        assert_eq!(verdict(&leave, &stored), expected, "{stored:?}");
    }
    let theirs = standing(elsewhere(4, 0), OTHER, true);
    let revoke = claim(Act::Revoke, None, None);
    assert_eq!(verdict(&revoke, &theirs), Verdict::Accepted);
}

#[test]
fn the_mark_before_this_one_is_good_for_requests_within_the_grace() {
    let stored = MarkRecord(Record::Standing(Standing {
        mark: mark(3, 5),
        holder: OTHER,
        taken: false,
        since: NOW,
        previous: Some(mark(3, 4)),
    }));
    let at = |act, presented, millis: u64| {
        let now = Timestamp::from_millis(NOW.as_millis() - 5_000 + millis);
        let weighed = claim(act, presented, None).weigh(Some(&stored), now);
        assert_eq!(weighed.keep, None);
        weighed.verdict
    };
    for (millis, expected) in [
        (0, Verdict::RolledBack),
        (1, Verdict::Accepted),
        (5_000, Verdict::Accepted),
        (9_999, Verdict::Accepted),
        (10_000, Verdict::RolledBack),
    ] {
        assert_eq!(at(Act::Request, mark(3, 4), millis), expected, "{millis}");
    }
    assert_eq!(at(Act::Resume, mark(3, 4), 5_000), Verdict::RolledBack);
    assert_eq!(at(Act::Request, mark(3, 3), 5_000), Verdict::RolledBack);
    assert_eq!(at(Act::Request, elsewhere(3, 4), 5_000), Verdict::Forked);
}

#[test]
fn a_takeover_prolongs_no_grace() {
    let stored = MarkRecord(Record::Standing(Standing {
        mark: mark(3, 5),
        holder: OTHER,
        taken: false,
        since: NOW,
        previous: Some(mark(3, 4)),
    }));
    let later = NOW.saturating_add(Duration::from_secs(4));
    let taken = claim(Act::Resume, mark(3, 5), None).weigh(Some(&stored), later);
    let taken = taken.keep.unwrap();
    let over = NOW.saturating_add(Duration::from_secs(5));
    let late = claim(Act::Request, mark(3, 4), None).weigh(Some(&taken), over);
    assert_eq!(late.verdict, Verdict::RolledBack);
}
