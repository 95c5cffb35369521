"""The jar: order-independence, chains, own values, floods."""

import itertools
import random
import unittest

from statecookie_peer import DERIVED, Field, Issuer, Jar, Status, Verifier, WireError, parse_blob
from statecookie_peer import strict as s
from statecookie_peer.bounds import Bound, Signed
from statecookie_peer.errors import DerivedMissing
from statecookie_peer.wire import UPDATE, build_blob
from tests.sample import NOW, VALUES, fixed_random, pool, schema, start


def history():
    """Updates of one session by two servers that went on with it at the same time."""
    issuer, session, first = start()
    out = [first, issuer.update(session, VALUES, {0}, NOW), issuer.update(session, VALUES, {1}, NOW)]
    restored = Verifier(pool()).resume(first, NOW)
    for i in range(2):
        other = Issuer(pool())
        s = other.adopt(restored)
        out.append(other.update(s, VALUES, now_ms=NOW + 1000 * i))
        out.append(other.update(s, VALUES, {i}, NOW + 1000 * i))
    return out


class Merging(unittest.TestCase):
    def test_order_independent(self):
        updates = history()
        states = set()
        for order in itertools.permutations(updates[:4] + updates[5:]):
            jar = Jar()
            for b in order:
                jar.merge(b)
            states.add((jar.state(), jar.bundle(), jar.needs_full))
        self.assertEqual(len(states), 1)

    def test_subsets_and_associativity(self):
        updates = history()
        rng = random.Random(1)
        for _ in range(300):
            picks = [rng.choices(updates, k=rng.randrange(0, 4)) for _ in range(3)]
            a, b, c = (self.jar(p) for p in picks)
            left, right = Jar(), Jar()
            left.union(a), left.union(b), left.union(c)
            b.union(c)
            right.union(b), right.union(a)
            self.assertEqual(left.state(), right.state())
            self.assertEqual(left.state(), self.jar(sum(picks, [])).state())
            left.union(right)
            self.assertEqual(left.state(), right.state())

    @staticmethod
    def jar(updates):
        j = Jar()
        for b in updates:
            j.merge(b)
        return j

    def test_gap(self):
        issuer, session, first = start()
        lost = issuer.update(session, VALUES, {1}, NOW)
        part = issuer.update(session, VALUES, {0}, NOW)
        jar = Jar()
        self.assertFalse(jar.merge(first).needs_full)
        self.assertTrue(jar.merge(part).needs_full)
        self.assertEqual(jar.best_chain()[-1].vector, (0, 0, 0))
        out = jar.merge(lost)
        self.assertEqual((out.status, out.needs_full, jar.best_chain()[-1].vector), (Status.MERGED, False, (0, 1, 1)))
        self.assertEqual(jar.merge(lost).status, Status.UNCHANGED)

    def test_other_session(self):
        _, _, first = start()
        jar = self.jar([first])
        before = jar.state()
        other = Issuer(pool())
        blob = other.update(other.new_session(NOW), VALUES, now_ms=NOW)
        self.assertEqual(jar.merge(blob).status, Status.OTHER_SESSION)
        self.assertEqual(jar.state(), before)

    def test_bad_updates_change_nothing(self):
        _, _, first = start()
        jar = self.jar([first])
        before = jar.state()
        for bad in (b"", first[:-1] + b"\0\0\0\0\0", jar.bundle(), first[:40]):
            with self.assertRaises(WireError):
                jar.merge(bad)
        self.assertEqual(jar.state(), before)

    def test_same_cookie_larger_mutable_stays(self):
        _, _, first = start()
        cookies = parse_blob(first, for_client=True).cookies
        small = build_blob(UPDATE, [*(c.raw for c in cookies[:2]), cookies[2].with_mutable(b"").raw])
        self.assertEqual(self.jar([first, small]).state(), self.jar([small, first]).state())
        self.assertEqual(self.jar([first, small]).state(), self.jar([first]).state())

    def test_flood(self):
        """Orphans (their link fits no parent) beyond the best chain: the eight greatest are kept."""
        _, _, first = start()
        leaf = parse_blob(first, for_client=True).cookies[2]
        jar = self.jar([first])
        for i in range(20):
            jar.merge(orphan(leaf, (0, 0, 100 + i)))
        self.assertEqual(sorted(k[1][2] for k, _ in jar.state() if k[0] == 0), [0, *range(112, 120)])
        self.assertTrue(jar.needs_full)
        self.assertIsNotNone(jar.bundle())


def orphan(leaf, vector):
    """A partial update whose tier 0 hangs on nothing."""
    forged = leaf.header[:1] + b"\xee" * 4 + bytes(vector) + leaf.header[8:]
    return build_blob(UPDATE, [forged + leaf.tag])


class Own(unittest.TestCase):
    def test_overlay(self):
        issuer, session, first = start()
        jar = Jar()
        jar.merge(first)
        jar.set_own(1, b"\x01")
        jar.set_own(0, b"\x00\x00\x00\x00\x80\x3f")
        jar.merge(first)
        self.assertEqual(Verifier(pool()).resume(jar.bundle(), NOW).values["amount"], 1)
        jar.merge(issuer.update(session, VALUES, {0}, NOW))
        self.assertEqual((jar.own(1), jar.own(0)), (b"\x01", None))

    def test_partial_chain(self):
        _, _, first = start()
        jar = Jar()
        jar.merge(first)
        for k in [k for k in jar._cookies if k[0] == 0]:
            del jar._cookies[k]
        self.assertTrue(jar.needs_full)
        self.assertIsNone(jar.bundle())

    def test_derived(self):
        """Values outlive cookies until a signed bound leaves them outside; they belong to the session."""
        bound = Bound(Signed("0..=limit", lambda values: (0, values["limit"], False)))
        sch = schema(fields=(*schema().fields, Field("seen", 0, DERIVED, "u8", s.Scalar("u8"), bound)))
        issuer = Issuer(pool(sch), random=fixed_random)
        session, jar, values = issuer.new_session(NOW), Jar(sch), {**VALUES, "seen": 0}
        jar.merge(issuer.update(session, values, now_ms=NOW))
        with self.assertRaises(ValueError):
            jar.set_derived("seen", 11)
        jar.set_derived("seen", 10)
        jar.merge(issuer.update(session, values, {0}, NOW))
        self.assertEqual(jar.bundle()[-2:], b"\1\x0a")
        jar.merge(issuer.update(session, {**values, "limit": 9, "amount": 18}, {1}, NOW))
        with self.assertRaises(DerivedMissing):
            jar.bundle()
        jar.set_derived("seen", 9)
        self.assertEqual(jar.bundle()[-2:], b"\1\x09")
        jar.clear()
        self.assertEqual((jar.bundle(), jar.missing()), (None, "seen"))
