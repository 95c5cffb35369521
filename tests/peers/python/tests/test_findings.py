"""Executable forms of findings in QUESTIONS.md (part C): what the page as written allows."""

import unittest

from statecookie_peer import EnumValue, Field, Issuer, IMMUTABLE, Jar, Refused, Verifier, parse_blob
from statecookie_peer import general as g
from statecookie_peer.wire import BUNDLE, build_blob
from tests.sample import NOW, VALUES, pool, schema, start
from tests.test_jar import orphan


class Findings(unittest.TestCase):
    def test_type_confusion_between_builds(self):
        """C1: only the *name* of an immutable field's type is in the description."""
        def with_role(*variants):
            role = g.GEnum(tuple(g.GVariant(v) for v in variants))
            return schema(fields=(*schema().fields, Field("role", 2, IMMUTABLE, "Role", role)))
        old, new = with_role("Guest", "Admin"), with_role("Admin", "Guest")
        self.assertEqual(old.description, new.description)
        issuer = Issuer(pool(old))
        blob = issuer.update(issuer.new_session(NOW), dict(VALUES, role=EnumValue("Guest")), now_ms=NOW)
        self.assertEqual(Verifier(pool(new)).resume(blob, NOW).values["role"], EnumValue("Admin"))

    def test_gap_that_stays(self):
        """C3: a late partial update of an earlier session: NeedsFull until the new session's counters pass it."""
        issuer, session, first = start()
        leaf = parse_blob(first, for_client=True).cookies[2]
        jar = Jar()
        jar.merge(first)
        jar.merge(orphan(leaf, (5, 3, 1)))
        for _ in range(5):
            self.assertTrue(jar.merge(issuer.update(session, VALUES, {2}, NOW)).needs_full)
        self.assertFalse(jar.merge(issuer.update(session, VALUES, {2}, NOW)).needs_full)

    def test_same_cookie_two_states(self):
        """C4: a mutable change is not in the tag; two servers make the *same* cookie with different values."""
        _, _, first = start()
        updates = []
        for theme in ("Dark", "Light"):
            other = Issuer(pool())
            s = other.adopt(Verifier(pool()).resume(first, NOW), for_good=False)
            updates.append(other.update(s, dict(VALUES, theme=theme), {0}, NOW))
        a, b = (parse_blob(u, for_client=True).cookies[0] for u in updates)
        self.assertEqual(a.tag, b.tag)
        self.assertNotEqual(a.mutable, b.mutable)

    def test_client_drops_optional_tier(self):
        """C5: an `or_default` tier is dropped at the client's will."""
        _, _, first = start()
        raws = [c.raw for c in parse_blob(first, for_client=True).cookies]
        self.assertEqual(Verifier(pool()).resume(build_blob(BUNDLE, raws[:2]), NOW).defaulted, (0,))

    def test_clock_behind(self):
        """C7: a server whose clock is behind by more than the leeway refuses what it has just issued."""
        issuer, session, _ = start()
        behind = NOW - 61_000
        blob = issuer.update(session, VALUES, {2}, behind)
        with self.assertRaises(Refused) as caught:
            Verifier(pool()).resume(blob, behind)
        self.assertEqual(caught.exception.reason, "not-yet-valid")

    def test_old_state_again(self):
        """C2: an earlier bundle of the same session stays acceptable beside a later one."""
        issuer, session, first = start()
        issuer.update(session, dict(VALUES, user=301), {2}, NOW)
        self.assertEqual(Verifier(pool()).resume(first, NOW).values["user"], 300)
