//! States as few and large words: hashing them is what the checker does most.

use std::hash::{Hash, Hasher};

use super::state::{State, Stay, Update};

impl State {
    /// 64 bits that tell this state from the one looked at before.
    pub(crate) fn digest(&self) -> u64 {
        let mut digest = Digest(0);
        self.hash(&mut digest);
        digest.finish()
    }
}

/// The same as a derived one would give apart, in fewer and larger words: hashing is what the checker does most.
impl Hash for State {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        let [a, b, c] = self.skew.map(|skew| skew as u8);
        let [d, e, f] = self.revoked;
        hasher.write_u64(word([self.now, a, b, c, d, e, f, self.fault as u8]));
        let [s, t] = self.sessions;
        let flags = u8::from(self.forked) | u8::from(self.late) << 1;
        hasher.write_u64(word([s.born, s.end, t.born, t.end, flags, 0, 0, 0]));
        let u = &self.used;
        hasher.write_u64(word([
            u.changes,
            u.rollbacks,
            u.logins,
            u.clock_steps,
            u.revocations,
            u.switches,
            0,
            0,
        ]));
        let jar = &self.jar;
        let ([a, b, c], [d, e, f]) = (jar.best, jar.own);
        hasher.write_u64(word([jar.session, a, b, c, d, e, f, 0]));
        hasher.write_u64(u64::from(jar.held[0]) | u64::from(jar.held[1]) << 32);
        hasher.write_u32(jar.held[2]);
        for stay in self.stays.iter().filter(|stay| stay.used) {
            stay.words()
                .into_iter()
                .for_each(|word| hasher.write_u64(word));
        }
        for (_, update) in self.issued() {
            update
                .words()
                .into_iter()
                .for_each(|word| hasher.write_u64(word));
        }
    }
}

impl Update {
    fn words(&self) -> [u64; 3] {
        let [a, b, c] = [self.vector, self.not_before, self.not_after];
        let [d, e, f] = [self.chain, self.values, self.mutable];
        let g = self.rank;
        [
            word([
                self.highest | g[2] << 4,
                self.session,
                self.key,
                self.issued_at,
                g[1],
                a[0],
                a[1],
                a[2],
            ]),
            word([b[0], b[1], b[2], c[0], c[1], c[2], d[0], d[1]]),
            word([d[2], e[0], e[1], e[2], f[0], f[1], f[2], g[0]]),
        ]
    }
}

impl Stay {
    fn words(&self) -> [u64; 4] {
        let flags = u8::from(self.used) | u8::from(self.alive) << 1 | u8::from(self.request) << 2;
        let [a, b, c] = [self.vector, self.not_before, self.not_after];
        let [d, e, f] = [self.chain, self.values, self.mutable];
        [
            word([
                flags,
                self.from,
                self.issued,
                self.server,
                self.progress as u8,
                self.session,
                self.key,
                self.touched,
            ]),
            word([a[0], a[1], a[2], b[0], b[1], b[2], c[0], c[1]]),
            word([c[2], d[0], d[1], d[2], e[0], e[1], e[2], f[0]]),
            word([f[1], f[2], 0, 0, 0, 0, 0, 0]),
        ]
    }
}

const fn word(bytes: [u8; 8]) -> u64 {
    u64::from_le_bytes(bytes)
}

struct Digest(u64);

impl Hasher for Digest {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64((*byte).into()));
    }

    fn write_u32(&mut self, word: u32) {
        self.write_u64(word.into());
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}
