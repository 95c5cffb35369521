//! A jar that gets honest, late, broken and foreign messages: what it has got it never loses, and a second time changes nothing.

use arbitrary::{Result, Unstructured};
use statecookie::private::Overlay;
use statecookie::{Jar, MAX_BLOB, Merged, Tier, to_text};
use statecookie_tests::jar_model::{Issuer, ModelUpdate, blob};

use super::jar_sections::Sections;
use crate::heap;
use crate::naive::{Blob, Kind};

const MOST_STEPS: usize = 24;

/// `jar_merge`: the bytes are the messages, or say which to send and how to break them.
pub fn run(data: &[u8]) {
    let mut u = Unstructured::new(data);
    let _ = World::begin(&mut u).and_then(|mut world| world.play(&mut u));
}

/// A client's jar, two servers that went on from the same chain, and every message there was.
struct World {
    jar: Jar,
    servers: [Issuer; 2],
    sent: Vec<Vec<u8>>,
    held: Held,
    sections: Sections,
}

/// What must stay as it is when nothing was taken.
#[derive(Debug, PartialEq)]
struct Held {
    bundle: Option<Vec<u8>>,
    vector: Option<Vec<u64>>,
    session: Option<[u8; 16]>,
    gap: bool,
}

impl Held {
    fn of(jar: &Jar) -> Self {
        Self {
            bundle: jar.bundle().ok(),
            vector: jar.vector().map(<[u64]>::to_vec),
            session: jar.session_id(),
            gap: jar.has_gap(),
        }
    }
}

impl World {
    fn begin(u: &mut Unstructured<'_>) -> Result<Self> {
        let tiers = u.arbitrary::<u8>()? % 8 + 1;
        let (one, first) = Issuer::start(tiers, 1);
        let other = Issuer {
            chain: one.chain.clone(),
            ..one
        };
        Ok(Self {
            jar: Jar::new(),
            servers: [one, other],
            sent: vec![blob(0, &first)],
            held: Held::of(&Jar::new()),
            sections: Sections::default(),
        })
    }

    fn play(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        for _ in 0..MOST_STEPS {
            if u.is_empty() {
                break;
            }
            self.step(u)?;
        }
        Ok(())
    }

    fn step(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        match u.arbitrary::<u8>()? % 10 {
            0..=2 => self.issue(u)?,
            3 => {}
            4 | 5 => {
                let message = self.some(u)?;
                self.merge(&message);
            }
            6 => {
                let broken = self.broken(u)?;
                self.merge(&broken);
                self.sent.push(broken);
            }
            7 => {
                let len = usize::from(u.arbitrary::<u8>()?).min(u.len());
                let message = u.bytes(len)?.to_vec();
                self.merge(&message);
            }
            8 => self.change(u)?,
            _ => self.switch(u)?,
        }
        Ok(())
    }

    /// A server changes a tier; the update arrives now, or only later.
    fn issue(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let choice = u.arbitrary::<u8>()?;
        let server = &mut self.servers[usize::from(choice & 1)];
        let tier = (choice >> 2) % server.tiers;
        let depth = usize::from(server.tiers - 1 - tier);
        let mut vector = server.chain[depth].vector.clone();
        if let Some(last) = vector.last_mut() {
            *last += 1;
        }
        let update = blob(0, &server.issue(tier, &vector, 1 + (choice & 1), &[choice]));
        if choice & 2 == 0 {
            self.merge(&update);
        }
        self.sent.push(update);
        Ok(())
    }

    fn some(&self, u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
        let at = usize::from(u.arbitrary::<u8>()?) % self.sent.len();
        Ok(self.sent[at].clone())
    }

    fn broken(&self, u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
        let mut bytes = self.some(u)?;
        for _ in 0..=u.arbitrary::<u8>()? % 4 {
            let (at, by) = (u.arbitrary::<u8>()?, u.arbitrary::<u8>()?);
            let at = usize::from(at) % bytes.len().max(1);
            match by {
                0 => bytes.truncate(at),
                1 => bytes.resize(bytes.len().next_multiple_of(4), 0),
                2 => bytes.insert(at, at as u8),
                _ => bytes
                    .iter_mut()
                    .skip(at)
                    .take(1)
                    .for_each(|byte| *byte ^= by),
            }
        }
        Ok(bytes)
    }

    fn merge(&mut self, message: &[u8]) {
        let (merged, peak) = heap::peak(|| self.jar.merge(message));
        assert!(
            peak <= 2 * message.len() + 16 * 1024,
            "{} bytes took {peak}",
            message.len()
        );
        let after = Held::of(&self.jar);
        let before = std::mem::replace(&mut self.held, after);
        let after = &self.held;
        match merged {
            Err(_) | Ok(Merged::OtherSession) => assert_eq!(before, *after),
            Ok(Merged::Unchanged) => assert_eq!(before.bundle, after.bundle),
            // Under the client's own values the issued ones may have grown unseen.
            Ok(Merged::Updated) => {
                assert!(self.sections.any_own() || before.bundle != after.bundle);
            }
            Ok(Merged::NeedsFull) => assert!(after.gap),
        }
        if matches!(merged, Ok(Merged::Updated | Merged::Unchanged)) {
            assert!(!after.gap);
        }
        if let Ok(message) = Blob::read(message, MAX_BLOB) {
            self.sections.arrived(&message);
        }
        if let Some(bundle) = never_goes_back(&before, after) {
            self.sections.check(&bundle);
        }
        self.is_idempotent(message, merged.ok());
    }

    /// A second time, now as text, it changes nothing.
    fn is_idempotent(&mut self, message: &[u8], merged: Option<Merged>) {
        let again = self.jar.merge_text(&to_text(message)).ok();
        assert_eq!(self.held, Held::of(&self.jar));
        let expected = match merged {
            Some(Merged::Updated) => Some(Merged::Unchanged),
            other => other,
        };
        assert_eq!(again, expected);
    }

    /// The client changes a mutable section.
    fn change(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let tier = Tier::new(u.arbitrary::<u8>()? % 8).unwrap_or(Tier::LOWEST);
        let value = u.arbitrary::<[u8; 2]>()?;
        self.jar.put(tier, &mut |out| out.extend(value));
        let after = Held::of(&self.jar);
        assert_eq!(self.held.vector, after.vector);
        assert_eq!(self.held.session, after.session);
        if let Some(bundle) = never_goes_back(&self.held, &after) {
            self.sections.changed(&bundle, tier.number(), &value);
            self.sections.check(&bundle);
        }
        self.held = after;
        Ok(())
    }

    /// The client goes over to another session, which may be one that cannot be read.
    fn switch(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let (message, full) = match u.arbitrary::<u8>()? {
            session @ 0..=127 => (blob(0, &self.in_session(session % 3)), true),
            _ => (self.some(u)?, false),
        };
        match self.jar.switch(&message) {
            Ok(()) => {
                let update = Blob::read(&message, MAX_BLOB).expect("an update");
                self.sections.forget();
                self.sections.arrived(&update);
                let mut bundle = update.unpadded.to_vec();
                bundle[0] |= 1 << 3;
                assert_eq!(self.jar.bundle(), Ok(bundle));
            }
            Err(_) => {
                assert!(!full);
                assert_eq!(self.held, Held::of(&self.jar));
            }
        }
        self.held = Held::of(&self.jar);
        self.sent.push(message);
        Ok(())
    }

    /// The first server's newest chain, in another session.
    fn in_session(&self, session: u8) -> ModelUpdate {
        let mut update = self.servers[0].chain.clone();
        update
            .iter_mut()
            .for_each(|cookie| cookie.session = session);
        update
    }
}

/// Good chains are only replaced by greater ones of the same session; gives the one to present.
fn never_goes_back<'a>(before: &Held, after: &'a Held) -> Option<Blob<'a>> {
    assert!(before.vector <= after.vector);
    assert!(before.session.is_none() || before.session == after.session);
    let Some(bundle) = &after.bundle else {
        assert!(before.bundle.is_none());
        return None;
    };
    let blob = Blob::read(bundle, MAX_BLOB).expect("a bundle");
    assert_eq!(blob.kind, Kind::Bundle);
    let tiers = blob.cookies[0].header.tiers();
    assert_eq!(blob.cookies.len(), usize::from(tiers));
    let root = blob.cookies[0].header.root.as_ref();
    assert_eq!(root.map(|root| root.session), after.session);
    let lowest = blob.cookies.last().map(|cookie| &cookie.header.vector);
    assert_eq!(lowest, after.vector.as_ref());
    Some(blob)
}
