"""HKDF, XChaCha20-Poly1305 against published vectors; the description; the embedded default."""

import unittest

from statecookie_peer import EmbeddedKeys
from statecookie_peer import keys, strict as s
from statecookie_peer.crypt import seal_with_nonce
from statecookie_peer.schema import fnv1a
from tests import sample


class Keys(unittest.TestCase):
    def test_xchacha_vector(self):
        """draft-irtf-cfrg-xchacha-03, A.3.1 (with its associated data), then our sealing without any."""
        from Crypto.Cipher import ChaCha20_Poly1305
        key, nonce = bytes(range(0x80, 0xA0)), bytes(range(0x40, 0x58))
        plain = (b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
                 b"sunscreen would be it.")
        cipher = ChaCha20_Poly1305.new(key=key, nonce=nonce)
        cipher.update(bytes.fromhex("50515253c0c1c2c3c4c5c6c7"))
        out, tag = cipher.encrypt_and_digest(plain)
        self.assertEqual(out[:16].hex(), "bd6d179d3e83d43b9576579493c0e939")
        self.assertEqual(tag.hex(), "c0875924c1c7987947deafd8780acf49")
        self.assertEqual(seal_with_nonce(key, nonce, plain)[24:-16], out)

    def test_hkdf_is_rfc5869(self):
        """Test case 1 of RFC 5869 with its own salt, L cut to one block."""
        prk = keys.mac(bytes(range(13)), b"\x0b" * 22)
        okm = keys.mac(prk, bytes(range(0xF0, 0xFA)) + b"\x01")
        self.assertEqual(okm.hex(), "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf")

    def test_embedded(self):
        e = EmbeddedKeys(b"r" * 32, 10_800, 60)
        k = e.signing(1_700_000_000_000)
        self.assertEqual(k.id, 1_700_000_000 // 10_800)
        self.assertEqual(k.accept_until, (k.id + 1) * 10_800 + 10_860)
        self.assertIsNone(e.find(k.id + 2, 1_700_000_000_000))
        self.assertEqual(e.find(k.id + 1, 1_700_000_000_000).id, k.id + 1)
        self.assertNotEqual(e.key(1).secret, e.key(2).secret)


class Description(unittest.TestCase):
    def test_fnv(self):
        self.assertEqual(fnv1a(b""), 0x811C9DC5)
        self.assertEqual(fnv1a(b"foobar"), 0xBF9CF968)

    def test_bytes(self):
        sch = sample.schema(fields=sample.schema().fields[3:5])
        self.assertEqual(sch.description, b"\x14statecookie schema 1\x04shop\x03\x10\x03\x02"
                         b"\x06amount\x01\x02\x03u32" b"\x00\x03u32" b"\x00\x04\x0b1..=limit*2"
                         b"\x05theme\x00\x02\x05Theme" b"\x05\x02\x05Light\x04Dark" b"\x00\x00")
        zoom = sample.schema(fields=sample.schema().fields[6:])
        self.assertTrue(zoom.description.endswith(b"\x01\x03\x04\0\0\0\x3f\x04\0\0\x80\x40"))

    def test_lengths_are_demanded(self):
        with self.assertRaises(ValueError):
            sample.schema(fields=(sample.Field("x", 0, 2, "String", s.String()),))
