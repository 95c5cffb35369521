"""Issuer against verifier: round trips, reasons, tampering of every bit."""

import unittest

from statecookie_peer import (DERIVED, EmbeddedKeys, Field, Issuer, Jar, Key, KeyList, Refused, Restored, Tier, Verifier,
                              parse_blob)
from statecookie_peer import strict as s
from statecookie_peer.bounds import Bound, Range
from statecookie_peer.crypt import TAG
from statecookie_peer.errors import DerivedMissing
from statecookie_peer.varint import U64_MAX
from statecookie_peer.wire import BUNDLE, build_blob
from tests import sample
from tests.sample import KEY, NOW, VALUES, fixed_random, pool, schema, start


class Case(unittest.TestCase):
    def refused(self, reason, blob, now=NOW, verifier=None, identity=None, tier="any", field="any"):
        with self.assertRaises(Refused) as caught:
            (verifier or Verifier(pool())).resume(blob, now, identity)
        self.assertEqual(caught.exception.reason, reason, caught.exception)
        if tier != "any":
            self.assertEqual(caught.exception.tier, tier)
        if field != "any":
            self.assertEqual(caught.exception.field, field)


class RoundTrip(Case):
    def test_full_update_and_bundle(self):
        _, _, blob = start()
        for b in (blob, blob + bytes(-len(blob) % 4)):
            jar = Jar()
            jar.merge(b)
            for shown in (b, jar.bundle(), jar.bundle(padded=True)):
                self.assertEqual(Verifier(pool()).resume(shown, NOW).values, VALUES)

    def test_partial_then_failover(self):
        issuer, session, blob = start()
        jar = Jar()
        jar.merge(blob)
        changed = dict(VALUES, theme="Light")
        part = issuer.update(session, changed, {0}, NOW + 1000)
        self.assertEqual(len(parse_blob(part, for_client=True).cookies), 1)
        self.refused("malformed", part)
        self.assertFalse(jar.merge(part).needs_full)
        restored = Verifier(pool()).resume(jar.bundle(), NOW + 1000)
        self.assertEqual(restored.values, changed)
        other = Issuer(pool())
        again = other.adopt(restored)
        full = other.update(again, changed, now_ms=NOW + 2000)
        jar.merge(full)
        restored2 = Verifier(pool()).resume(jar.bundle(), NOW + 2000)
        self.assertEqual([c.vector for c in restored2.cookies], [(1,), (1, 0), (1, 0, 0)])
        self.assertNotEqual(restored2.root.branch, restored.root.branch)
        self.assertEqual(restored2.root.session_id, restored.root.session_id)

    def test_one_request(self):
        _, _, blob = start()
        jar = Jar()
        jar.merge(blob)
        other = Issuer(pool())
        session = other.adopt(Verifier(pool()).resume(blob, NOW), for_good=False)
        jar.merge(other.update(session, VALUES, {1}, NOW + 1))
        self.assertEqual([c.vector for c in jar.best_chain()], [(0,), (0, 1), (0, 1, 0)])
        Verifier(pool()).resume(jar.bundle(), NOW + 1)

    def test_counter_at_maximum(self):
        issuer, session, _ = start()
        session.tiers[0].counter = session.tiers[1].counter = U64_MAX
        issuer.update(session, VALUES, {0}, NOW)
        self.assertEqual(session.vector(0), (1, 0, 0))
        session.tiers[2].counter = session.tiers[1].counter = session.tiers[0].counter = U64_MAX
        old = session.session_id
        blob = issuer.update(session, VALUES, {0}, NOW, session_id=b"z" * 16)
        self.assertEqual(session.vector(0), (0, 0, 0))
        self.assertNotEqual(session.session_id, old)
        Verifier(pool()).resume(blob, NOW)

    def test_key_change_and_embedded(self):
        keys = EmbeddedKeys(b"r" * 32, 10_800, 60)
        p = pool(keys=keys)
        issuer, session, _ = start(p)
        later = NOW + 10_800_000
        blob = issuer.update(session, VALUES, {0}, later)
        self.assertEqual(len(parse_blob(blob, for_client=True).cookies), 3)
        self.assertEqual(Verifier(p).resume(blob, later).values, VALUES)

    def test_due(self):
        issuer, session, _ = start()
        self.assertEqual(issuer.due_at(session, 0), NOW // 1000 + 300)

    def test_derived(self):
        sch = schema(fields=(*schema().fields, Field("total", 1, DERIVED, "u16", s.Scalar("u16"), Bound(Range(0, 9)))))
        p, values = pool(sch), {**VALUES, "total": 5}
        issuer = Issuer(p, random=fixed_random)
        blob = issuer.update(issuer.new_session(NOW), values, now_ms=NOW)
        self.assertEqual(parse_blob(blob, for_client=True).cookies[1].raw[-1:], b"\x14")
        jar = Jar(sch)
        jar.merge(blob)
        with self.assertRaises(DerivedMissing):
            jar.bundle()
        jar.set_derived("total", 5)
        shown = jar.bundle()
        self.assertEqual(Verifier(p).resume(shown, NOW).values, values)
        self.refused("unknown-schema", shown)
        for reason, end in (("missing-derived", b"\0"), ("malformed-value", b"\2\5\0"), ("out-of-range", b"\1\x0a")):
            self.refused(reason, shown[:-2] + end, verifier=Verifier(p))
        self.refused("missing-derived", blob, verifier=Verifier(p))

    def test_derived_for_nobody(self):
        _, _, blob = start()
        self.refused("malformed", bytes([blob[0] | 0x10]) + blob[1:] + b"\0")


class Reasons(Case):
    def setUp(self):
        _, _, self.blob = start()
        self.cookies = [c.raw for c in parse_blob(self.blob, for_client=True).cookies]

    def test_structure(self):
        b = self.blob
        self.refused("too-large", bytes(65_525))
        self.refused("unknown-version", bytes(65_524))
        self.refused("malformed", b"")
        self.refused("malformed", b + b"\0" * (-len(b) % 4 + 4))
        self.refused("malformed", b"\x3a" + b[1:])                      # kind 3
        self.refused("unknown-version", b"\x4a" + b[1:])
        self.refused("malformed", b"\x31" + b[1:])                      # derived section
        self.refused("unlinked", build_blob(BUNDLE, [self.cookies[0], self.cookies[2]]))
        root = bytearray(self.cookies[0])
        root[1] = 2
        self.refused("unknown-version", build_blob(BUNDLE, [bytes(root), *self.cookies[1:]]))
        root[1:3] = 1, 0
        self.refused("malformed", build_blob(BUNDLE, [bytes(root), *self.cookies[1:]]))

    def test_schema_key_tiers(self):
        self.refused("unknown-schema", self.blob, verifier=Verifier(pool(schema(version=4))))
        self.refused("missing-tier", build_blob(BUNDLE, self.cookies[:1]), tier=1)
        other = KeyList([Key(8, bytes(32), 0, 2**40, 2**40)])
        self.refused("unknown-key", self.blob, verifier=Verifier(pool(keys=other)))
        ended = KeyList([Key(7, KEY.secret, 0, 0, NOW // 1000)])
        self.refused("key-expired", self.blob, verifier=Verifier(pool(keys=ended)))
        wrong = KeyList([Key(7, bytes(32), 0, 2**40, 2**40)])
        self.refused("bad-tag", self.blob, verifier=Verifier(pool(keys=wrong)), tier=2)

    def test_defaults(self):
        r = Verifier(pool()).resume(build_blob(BUNDLE, self.cookies[:2]), NOW)
        self.assertEqual((r.defaulted, r.values["zoom"]), ((0,), 1.0))
        r = Verifier(pool()).resume(self.blob, NOW + 661_000)
        self.assertEqual((r.defaulted, r.values["theme"]), ((0,), "Light"))
        self.assertEqual(Verifier(pool()).resume(self.blob, NOW + 660_000).defaulted, ())

    def test_times(self):
        v = Verifier(pool())
        self.assertEqual(v.leeway_ms, 60_000)
        v.resume(self.blob, NOW - 60_000)
        self.refused("not-yet-valid", self.blob, NOW - 60_001, tier=2)
        v.resume(self.blob, NOW + 3_660_000)
        self.refused("expired", self.blob, NOW + 3_660_001, tier=1)
        self.refused("expired", self.blob, NOW + 10_860_001, tier=2)
        self.refused("session-ended", self.blob, NOW + 86_400_000)
        self.refused("revoked", self.blob, verifier=Verifier(pool(), refuse_born_before=NOW // 1000 + 1))

    def test_binding(self):
        _, _, bound = start(identity=b"")
        Verifier(pool()).resume(bound, NOW, b"")
        self.refused("bad-tag", bound)
        self.refused("bad-tag", bound, identity=b"x")
        self.refused("bad-tag", self.blob, identity=b"")

    def test_values(self):
        jar = Jar()
        jar.merge(self.blob)
        jar.set_own(1, b"\x15")
        self.refused("out-of-range", jar.bundle(), tier=1, field="amount")
        jar.set_own(1, b"\x14\x00")
        self.refused("malformed-value", jar.bundle(), tier=1, field=None)
        jar.set_own(1, b"\x14")
        jar.set_own(0, b"\x02\x00\x00\x00\xc0\x3f")
        self.refused("malformed-value", jar.bundle(), tier=0, field="theme")
        self.refused("invalid", self.blob, verifier=Verifier(pool(schema(validate=lambda v: False))))


class Tampering(Case):
    def test_every_bit(self):
        """A flipped bit is refused, or leaves all signed values as they were."""
        for identity in (None, b"me"):
            _, _, blob = start(identity=identity)
            v = Verifier(pool())
            blob = b"\x2a" + blob[1:]
            accepted = 0
            for bit in range(8 * len(blob)):
                bad = bytearray(blob)
                bad[bit // 8] ^= 1 << bit % 8
                try:
                    r = v.resume(bytes(bad), NOW, identity)
                except Refused:
                    continue
                accepted += 1
                self.assertEqual([r.values[k] for k in ("user", "secret", "limit")], [300, "pssst", 10])
                self.assertEqual([c.signed_part for c in r.cookies],
                                 [c.signed_part for c in parse_blob(b"\x22" + blob[1:], for_client=True).cookies])
            self.assertGreater(accepted, 0)

    def test_every_bit_without_mutable_values(self):
        """Only the kind's direction bit is not authenticated."""
        sch = schema(fields=schema().fields[:3], tiers=(Tier(600), Tier(600), Tier(600)))
        _, _, blob = start(pool(sch))
        for bit in range(8, 8 * len(blob)):
            bad = bytearray(blob)
            bad[bit // 8] ^= 1 << bit % 8
            with self.assertRaises(Refused):
                Verifier(pool(sch)).resume(bytes(bad), NOW)

    def test_every_cut(self):
        _, _, blob = start()
        for cut in range(len(blob)):
            with self.assertRaises(Refused):
                Verifier(pool()).resume(blob[:cut], NOW)
