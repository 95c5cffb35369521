"""Varints, both codecs, bounds, text form."""

import math
import struct
import unittest

from statecookie_peer import Duration, EnumValue, Some, WireError, from_text, to_text
from statecookie_peer import general as g, strict as s
from statecookie_peer.bounds import AnyValue, Bound, Check, OneOf, Range, Signed, within
from statecookie_peer.varint import Reader, u


class Varints(unittest.TestCase):
    def test_round_trip(self):
        for bits in (16, 32, 64, 128):
            for v in (0, 1, 127, 128, 300, 2**16 - 1, 2**(bits - 1), 2**bits - 1):
                if v < 2**bits:
                    r = Reader(u(v, bits))
                    self.assertEqual(r.u(bits), v)
                    r.end()

    def test_refused(self):
        for raw, bits in ((b"\x80\x00", 64), (b"\x80", 64), (b"", 64), (b"\xff" * 9 + b"\x02", 64),
                          (b"\xff" * 10 + b"\x01", 64), (b"\xff\xff\x04", 16), (b"\xff\xff\x83\x00", 16),
                          (b"\xff" * 18 + b"\x04", 128), (b"\xff\xff\xff\xff\x10", 32)):
            with self.subTest(raw=raw), self.assertRaises(WireError):
                Reader(raw).u(bits)
        self.assertEqual(Reader(b"\xff" * 18 + b"\x03").u(128), 2**128 - 1)
        self.assertEqual(Reader(b"\xff" * 9 + b"\x01").u(), 2**64 - 1)


GENERAL = g.GStruct((
    ("a", g.GOption(g.GOption(g.GScalar("u8")))), ("b", g.GMap(g.GString(), g.GBytes())),
    ("c", g.GTuple((g.GScalar("i64"), g.GScalar("char"), g.GUnit()))), ("d", g.GSeq(g.GScalar("f64"))),
    ("e", g.GSeq(g.GEnum((g.GVariant("A"), g.GVariant("B", "newtype", g.GScalar("i128")),
                          g.GVariant("C", "tuple", (g.GScalar("u128"), g.GScalar("bool"))),
                          g.GVariant("D", "struct", (("x", g.GScalar("i8")),)))))),
    ("f", g.GNewtype(g.GScalar("duration")))))
GENERAL_VALUE = dict(a=Some(None), b=[("k", b"\0\1")], c=(-2**63, "é", ()), d=[1.5, -0.0],
                     e=[EnumValue("A"), EnumValue("B", -2**127), EnumValue("C", (2**128 - 1, True)),
                        EnumValue("D", {"x": -128})], f=Duration(5, 999_999_999))


def _somes(value, times):
    for _ in range(times):
        value = Some(value)
    return value


class Codecs(unittest.TestCase):
    def test_general(self):
        raw = g.encode(GENERAL, GENERAL_VALUE)
        r = Reader(raw)
        self.assertEqual(g.decode(r, GENERAL), GENERAL_VALUE)
        r.end()
        for cut in range(len(raw)):
            with self.assertRaises(WireError):
                Reader(raw[:cut]).end() or g.decode(Reader(raw[:cut]), GENERAL)

    def test_zigzag(self):
        for v, z in ((0, 0), (-1, 1), (1, 2), (-2, 3), (-2**15, 2**16 - 1)):
            self.assertEqual(s.encode(s.Scalar("i16"), v), u(z))
            self.assertEqual(s.decode(Reader(u(z)), s.Scalar("i16")), v)

    def test_depth(self):
        deep = g.GScalar("u8")
        for _ in range(64):
            deep = g.GOption(deep)
        self.assertIsNotNone(g.decode(Reader(b"\1" * 64 + b"\5"), deep))
        with self.assertRaises(WireError):
            g.decode(Reader(b"\1" * 65 + b"\5"), g.GOption(deep))

    def test_counts(self):
        units = g.GSeq(g.GUnit())
        with self.assertRaises(WireError):
            g.decode(Reader(b"\3\0\0"), units)
        with self.assertRaises(WireError):      # two bytes are left, but the elements took none
            g.decode(Reader(b"\2\0\0"), units)
        self.assertEqual(g.decode(Reader(b"\0\0"), units), [])

    def test_signed_durations_carry_over(self):
        of = g.GScalar("duration")
        self.assertEqual(g.decode(Reader(b"\1" + u(2 * 10**9 + 5)), of), Duration(3, 5))
        with self.assertRaises(WireError):
            g.decode(Reader(u(2**64 - 1) + u(10**9)), of)
        for _ in range(63):
            of = g.GOption(of)
        self.assertEqual(g.decode(Reader(b"\1" * 63 + b"\2\0"), of), _somes(Duration(2), 63))
        with self.assertRaises(WireError):      # a duration goes one level down, as the struct it is
            g.decode(Reader(b"\1" * 64 + b"\2\0"), g.GOption(of))

    def test_a_type_that_holds_itself(self):
        tree = g.GLater()
        tree.kind = g.GEnum((g.GVariant("Leaf"), g.GVariant("Fork", "tuple", (tree, tree))))
        leaf = EnumValue("Leaf")
        value = EnumValue("Fork", (leaf, EnumValue("Fork", (leaf, leaf))))
        self.assertEqual(g.encode(tree, value), b"\1\0\1\0\0")
        self.assertEqual(g.decode(Reader(b"\1\0\1\0\0"), tree), value)

    def test_strict(self):
        shape = s.Sequence(s.Option(s.String()))
        value = [None, Some("é"), Some("ab")]
        raw = s.encode(shape, value)
        self.assertEqual(s.decode(Reader(raw), shape, (3, 2)), value)
        for lengths in ((2, 2), (3, 1)):
            with self.assertRaises(WireError):
                s.decode(Reader(raw), shape, lengths)
        for shape, raw in ((s.Scalar("bool"), b"\2"), (s.Scalar("char"), b"\2ab"), (s.Scalar("char"), b"\0"),
                           (s.Scalar("duration"), b"\0" + u(10**9)), (s.Enum(("A",)), b"\1"),
                           (s.Scalar("u16"), u(2**16)), (s.Scalar("char"), b"\3\xed\xa0\x80")):
            with self.subTest(shape=shape, raw=raw), self.assertRaises(WireError):
                s.decode(Reader(raw), shape)


def lies(kind, rule, value, immutables=None):
    shape = s.Scalar(kind) if isinstance(kind, str) else kind
    return within(shape, Bound(rule), value, immutables or {})


class Bounds(unittest.TestCase):
    def test_ranges(self):
        self.assertTrue(lies("u8", Range(1, 3), 3))
        self.assertFalse(lies("u8", Range(1, 3, True), 3))
        self.assertFalse(lies("u8", Range(1), 0))
        self.assertTrue(lies("u8", Range(high=3), 0))

    def test_floats(self):
        inf, nan = math.inf, math.nan
        for rule in (AnyValue(), Range(), OneOf((nan,)), Check("f", lambda v: True)):
            self.assertFalse(lies("f64", rule, nan))
        self.assertTrue(lies("f64", AnyValue(), inf))
        self.assertFalse(lies("f64", Range(0.0), inf))
        self.assertTrue(lies("f64", Range(0.0, inf), inf))
        self.assertFalse(lies("f64", Range(0.0, inf, True), inf))
        self.assertTrue(lies("f64", Range(-inf, 0.0), -inf))
        self.assertFalse(lies("f64", Range(high=0.0), -inf))
        tenth = struct.unpack("<f", struct.pack("<f", 0.1))[0]
        self.assertTrue(lies("f32", Range(0.0, 0.1), tenth))

    def test_leaves(self):
        seq = s.Sequence(s.Option(s.Scalar("u8")))
        self.assertTrue(lies(seq, Range(1, 3), [Some(1), None]))
        self.assertFalse(lies(seq, Range(1, 3), [Some(4)]))
        self.assertFalse(lies(s.Scalar("u8"), Signed("", lambda v: None), 0))
        self.assertTrue(lies(s.Scalar("u8"), Signed("", lambda v: (0, v["m"], True)), 4, {"m": 5}))
        nested = s.Struct((s.Member("x", s.Scalar("u8"), Bound(Range(2))),))
        self.assertFalse(lies(nested, AnyValue(), {"x": 1}))


class Text(unittest.TestCase):
    def test_text(self):
        for n in range(7):
            raw = bytes(range(250, 250 + n)) if n < 6 else b"\xff" * 9
            self.assertEqual(from_text(to_text(raw)), raw)
        for bad in ("A", "AB", "AAB", "AA==", "A A", "A+/A", "AAAA\n", "é"):
            with self.subTest(bad=bad), self.assertRaises(WireError):
                from_text(bad)
