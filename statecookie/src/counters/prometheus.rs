//! Counts in the text format of Prometheus, version 0.0.4.

use alloc::string::String;

use super::page::{Label, Page, Value};
use super::{Counts, KeyCounts, KeyLabel, UpdateCounts};
use crate::{KeyTimes, Timestamp};

impl Counts {
    /// The counts in the text format of Prometheus (`text/plain; version=0.0.4`).
    ///
    /// All names begin with `statecookie_`, and all series have the label `pool`. Where one program has several pools, write
    /// them with [`to_prometheus`] instead: a name may be declared only once.
    pub fn to_prometheus(&self) -> String {
        to_prometheus(core::slice::from_ref(self))
    }

    fn label(&self) -> Label<'_> {
        ("pool", Value::Text(&self.pool))
    }
}

/// The counts of several pools in the text format of Prometheus.
///
/// ```
/// use statecookie::counters::{Counters, to_prometheus};
///
/// let pools = [Counters::new("shop.example"), Counters::new("video.example")];
/// let text = to_prometheus(&pools.map(|counters| counters.read()));
/// assert_eq!(text.matches("# TYPE statecookie_accepted_total counter\n").count(), 1);
/// assert!(text.contains("statecookie_key_refreshes_total{pool=\"video.example\",outcome=\"kept\"} 0\n"));
/// ```
pub fn to_prometheus(pools: &[Counts]) -> String {
    let mut page = Page::default();
    verdicts(&mut page, pools);
    freshness(&mut page, pools);
    keys(&mut page, pools);
    updates(&mut page, pools);
    refreshes(&mut page, pools);
    page.into_text()
}

fn verdicts(page: &mut Page, pools: &[Counts]) {
    page.counter("accepted_total", "Presentations accepted, by key.");
    for (pool, key) in each(pools, |counts| &counts.keys) {
        // Nothing is accepted that is not proven.
        if key.key != KeyLabel::Unproven {
            page.sample(&[pool, key_label(key)], key.accepted);
        }
    }
    page.counter(
        "refused_total",
        "Presentations refused, by reason, tier, and key if one was proven.",
    );
    for (pool, key) in each(pools, |counts| &counts.keys) {
        for refused in &key.refused {
            let reason = ("reason", Value::Text(refused.reason.as_str()));
            let tier = refused.tier.map(|tier| Value::Number(tier.index() as u64));
            let tier = ("tier", tier.unwrap_or(Value::Text("none")));
            page.sample(&[pool, reason, tier, key_label(key)], refused.count);
        }
    }
    page.counter("defaulted_total", "Tiers that took their defaults.");
    for counts in pools {
        let tiers = (0..).zip(counts.defaulted);
        for (tier, count) in tiers.filter(|(_, count)| *count > 0) {
            page.sample(&[counts.label(), ("tier", Value::Number(tier))], count);
        }
    }
}

fn freshness(page: &mut Page, pools: &[Counts]) {
    let verdict = |verdict| ("verdict", Value::Text(verdict));
    page.histogram(
        "age_seconds",
        "How long ago the newest proven cookie of a presentation became valid.",
    );
    for counts in pools {
        let pool = counts.label();
        page.buckets(&[pool, verdict("accepted")], &counts.accepted_age);
        page.buckets(&[pool, verdict("refused")], &counts.refused_age);
    }
    page.histogram(
        "skew_seconds",
        "How far ahead it becomes valid: so much the issuing server's clock is ahead at least.",
    );
    for counts in pools {
        let pool = counts.label();
        page.buckets(&[pool, verdict("accepted")], &counts.accepted_skew);
        page.buckets(&[pool, verdict("refused")], &counts.refused_skew);
    }
}

fn keys(page: &mut Page, pools: &[Counts]) {
    page.gauge("watched_since_timestamp_seconds", "When the pool was made.");
    for counts in pools {
        if let Some(since) = counts.watched_since {
            page.sample_millis(&[counts.label()], since.as_millis());
        }
    }
    page.gauge(
        "key_last_presented_timestamp_seconds",
        "When a presentation was accepted under the key last.",
    );
    for (pool, key) in each(pools, |counts| &counts.keys) {
        if let Some(last) = key.last_presented {
            page.sample_millis(&[pool, key_label(key)], last.as_millis());
        }
    }
    let signs = "From then on the key signs no more; not of revoked keys.";
    page.gauge("key_sign_until_timestamp_seconds", signs);
    times(page, pools, |key| (!key.revoked).then_some(key.sign_until));
    let over = "From then on no cookie under the key can be valid on any server.";
    page.gauge("key_over_timestamp_seconds", over);
    times(page, pools, |key| Some(key.over_at));
}

fn times(page: &mut Page, pools: &[Counts], time: impl Fn(&KeyTimes) -> Option<Timestamp>) {
    for (pool, key) in each(pools, |counts| &counts.held) {
        let label = ("key", Value::Number(key.id.0.into()));
        if let Some(time) = time(key) {
            page.sample_millis(&[pool, label], time.as_millis());
        }
    }
}

fn updates(page: &mut Page, pools: &[Counts]) {
    page.counter("updates_total", "Updates issued, by their highest tier.");
    for (pool, of) in each(pools, |counts| &counts.updates) {
        let [tier, full] = update_labels(of);
        page.sample(&[pool, tier, full], of.updates);
    }
    page.counter("update_bytes_total", "The bytes of these updates.");
    for (pool, of) in each(pools, |counts| &counts.updates) {
        let [tier, full] = update_labels(of);
        page.sample(&[pool, tier, full], of.bytes);
    }
}

fn refreshes(page: &mut Page, pools: &[Counts]) {
    page.counter(
        "key_refreshes_total",
        "What came of asking the source of the keys; an alarm: kept.",
    );
    for counts in pools {
        let of = counts.refreshes;
        for (outcome, count) in [
            ("kept", of.kept),
            ("replaced", of.replaced),
            ("unchanged", of.unchanged),
        ] {
            page.sample(&[counts.label(), ("outcome", Value::Text(outcome))], count);
        }
    }
}

/// Each item of each pool, with the label of its pool.
fn each<'a, T>(
    pools: &'a [Counts],
    items: fn(&'a Counts) -> &'a alloc::vec::Vec<T>,
) -> impl Iterator<Item = (Label<'a>, &'a T)> {
    let labelled = move |counts| (Counts::label(counts), items(counts));
    let of_pool =
        |(pool, items): (_, &'a alloc::vec::Vec<T>)| items.iter().map(move |item| (pool, item));
    pools.iter().map(labelled).flat_map(of_pool)
}

fn key_label(key: &KeyCounts) -> Label<'static> {
    let value = match key.key {
        KeyLabel::Id(id) => Value::Number(id.0.into()),
        KeyLabel::Other => Value::Text("other"),
        KeyLabel::Unproven => Value::Text("unproven"),
    };
    ("key", value)
}

fn update_labels(of: &UpdateCounts) -> [Label<'static>; 2] {
    let full = if of.full { "true" } else { "false" };
    [
        ("tier", Value::Number(of.tier.index() as u64)),
        ("full", Value::Text(full)),
    ]
}
