"""What is done to a bundle before it is presented: nothing, or what clients, networks and careless servers do."""

import mapping
from kit import chance
from kit.forge import NOW, Chain
from statecookie_peer import DERIVED, MUTABLE, PRIVATE, WireError, strict
from statecookie_peer.varint import Reader, u
from statecookie_peer.wire import BUNDLE, BUNDLE_DERIVED, build_blob, parse_blob


def cookies_of(blob):
    return [c.raw for c in parse_blob(blob, for_client=False).cookies]


def again(blob, cookies, padded=False):
    """Other cookies with the derived section that the blob has, if it has one."""
    derived = parse_blob(blob, for_client=False).derived
    return build_blob(BUNDLE if derived is None else BUNDLE_DERIVED, cookies, derived, padded)


# -- on the way -----------------------------------------------------------------------------------

def one_bit(dice, blob):
    at = dice.randrange(len(blob))
    return blob[:at] + bytes([blob[at] ^ 1 << dice.randrange(8)]) + blob[at + 1:]


def one_byte(dice, blob):
    at = dice.randrange(len(blob))
    return blob[:at] + dice.randbytes(1) + blob[at + 1:]


def cut(dice, blob):
    return blob[:dice.randrange(len(blob))]


def grown(dice, blob):
    at = dice.choice((len(blob), dice.randrange(len(blob) + 1)))
    return blob[:at] + dice.choice((bytes(dice.randrange(1, 5)), dice.randbytes(dice.randrange(1, 9)))) + blob[at:]


def shrunk(dice, blob):
    at = dice.randrange(len(blob))
    return blob[:at] + blob[at + dice.randrange(1, 5):]


def first_byte(dice, blob):
    return dice.randbytes(1) + blob[1:]


def small_byte(dice, raw):
    """Where counts, flags and variants stand, near the beginning more often than not."""
    at = dice.randrange(dice.choice((1, 2, len(raw))))
    return raw[:at] + bytes([dice.randrange(4)]) + raw[at + 1:]


ON_THE_WAY = (one_bit, one_bit, one_byte, cut, grown, shrunk, first_byte)


def within_a_cookie(dice, blob):
    """One of the changes in one cookie, framed anew so that all lengths outside fit."""
    cookies = cookies_of(blob)
    at = dice.randrange(len(cookies))
    cookies[at] = dice.choice(ON_THE_WAY[:-1])(dice, cookies[at])
    return again(blob, cookies)


def rearranged(dice, blob, other):
    """Cookies left away, twice, in another order, or from another session, which may be linked as if they belonged."""
    cookies, theirs = cookies_of(blob), cookies_of(other)
    at = dice.randrange(len(cookies))
    match dice.choice((0, 1, 1, 1, 2, 3, 4, 4, 4)):
        case 0:
            cookies = cookies[:at] + cookies[at + 1:] or cookies
        case 1:
            cookies = cookies[:at + 1]
        case 2:
            cookies = (cookies[:at] + [cookies[at]] * 2 + cookies[at + 1:])[:8]
        case 3:
            dice.shuffle(cookies)
        case _:
            cookies[at:] = theirs[at:] or cookies[at:]
            if dice.one_in(2):
                cookies[at:at + 1] = theirs[at:at + 1] or cookies[at:at + 1]
            cookies = linked(cookies) if dice.one_in(2) else cookies
    return again(blob, cookies)


def linked(cookies):
    """Each link bent to the tag above."""
    out = cookies[:1]
    for raw in cookies[1:]:
        try:
            above = parse_blob(build_blob(BUNDLE, out), for_client=False).cookies[-1]
        except WireError:
            return cookies
        out.append(raw[:1] + above.tag[:4] + raw[5:] if above.tier > 0 else raw)
    return out


# -- the client's own values ----------------------------------------------------------------------

def own_values(dice, schema, blob, values, honest):
    """Mutable sections written anew: by an honest client, or with one value outside its bound. The values too."""
    parsed = parse_blob(blob, for_client=False).cookies
    wanted = dict(values)
    fields = [f for f in schema.fields if f.cls == MUTABLE and f.tier >= parsed[-1].tier or f.cls == DERIVED]
    immutables = {f.name: values[f.name] for f in schema.fields if f.cls == 0}
    for f in fields:
        value = chance.mutable(dice, f, immutables) if dice.one_in(2) else None
        if value is not None and chance.valid(schema, {**wanted, f.name: value}):
            wanted[f.name] = value
    if not honest:
        wanted |= _misfit(dice, schema, fields, wanted, immutables)
    raws = [c.with_mutable(schema.encode_section(c.tier, MUTABLE, wanted)).raw for c in parsed]
    derived, padded = schema.encode_derived(wanted), dice.one_in(3)
    return build_blob(BUNDLE if derived is None else BUNDLE_DERIVED, raws, derived, padded), wanted


def _misfit(dice, schema, fields, values, immutables):
    """One field outside its bound, or within it but not with the others, as far as there is such a value."""
    if schema.validate is None or dice.one_in(2):
        f = dice.choice(fields)
        value = chance.outside(dice, f, immutables)
        return {} if value is None else {f.name: value}
    for _ in range(12):
        f = dice.choice(fields)
        value = chance.mutable(dice, f, immutables)
        if value is not None and not chance.valid(schema, {**values, f.name: value}):
            return {f.name: value}
    return {}


def own_bytes(dice, schema, blob):
    """A mutable section with a change that its encoding may not survive."""
    parsed = list(parse_blob(blob, for_client=False).cookies)
    at = dice.randrange(len(parsed))
    section = parsed[at].mutable
    if section and dice.one_in(4):
        section = dice.choice(ON_THE_WAY)(dice, section)
    elif section and dice.one_in(2):
        section = _odd_field(dice, schema.of(parsed[at].tier, MUTABLE), section)
    else:
        section = section + dice.choice((b"\0", dice.randbytes(dice.randrange(1, 4))))
    parsed[at] = parsed[at].with_mutable(section)
    return again(blob, [c.raw for c in parsed])


def derived_bytes(dice, schema, blob):
    """A derived section left away, cut, changed, or where there should be none."""
    parsed = parse_blob(blob, for_client=False)
    cookies, section = [c.raw for c in parsed.cookies], parsed.derived
    if section is None:
        return build_blob(BUNDLE_DERIVED, cookies, dice.randbytes(dice.randrange(3)), dice.one_in(3))
    match dice.randrange(5):
        case 0:
            return build_blob(BUNDLE, cookies, padded=dice.one_in(3))
        case 1 | 2:
            ends = _ends(schema.derived, section)
            section = section[:dice.choice((dice.randrange(len(section)), dice.choice([0, *ends])))]
        case 3:
            section = dice.choice(ON_THE_WAY)(dice, section)
        case _:
            section = _odd_field(dice, schema.derived, section)
    return build_blob(BUNDLE_DERIVED, cookies, section, dice.one_in(3))


ODD = (b"\x80\0", b"\xff" * 10 + b"\1", b"\xff\xff\xff\xff\x1f", u(2**64 - 1), b"\2", b"\xff", b"\4\xc3\x28ab", b"\xff\xff\x07", b"")


def _odd_field(dice, fields, section):
    """One field's bytes replaced by bytes that few types take."""
    ends = _ends(fields, section)
    if len(ends) < len(fields):
        return section + b"\0"
    start, end = dice.choice(list(zip([0, *ends], ends)))
    return section[:start] + dice.choice(ODD) + section[end:]


def _ends(fields, section):
    """Where each field's bytes end, as far as they can be read."""
    reader, ends = Reader(section), []
    try:
        for f in fields:
            strict.decode(reader, f.shape, f.bound.lengths)
            ends.append(reader.pos)
    except WireError:
        pass
    return ends


# -- what a server of the pool signs --------------------------------------------------------------

NUMBERS = ("sequence", "born", "lifetime", "later", "life", "immutable length", "private length", "counter")


def signed(dice, server, kit, values, identity):
    """A chain signed by a server of the pool, of which one or two things are not as they should be, and its time."""
    now = NOW + dice.randrange(2_500)
    given = {f.name: mapping.to_json(f.shape, values[f.name]) for f in server.schema.fields}
    chain = Chain(kit, server.schema.name, server.row["pool"], given, now=now, identity=identity, seed=str(dice.random()))
    for _ in range(dice.choice((0, 1, 1, 2))):
        _bend(dice, chain)
    return chain.bundle(), (now + 1) * 1000


def _bend(dice, chain):
    part = dice.choice(chain.parts)
    root = chain.parts[0]
    match dice.randrange(12):
        case 0 | 1:
            names = [name for name in part.head if name.split(" 0")[0].startswith(NUMBERS)]
            part.head[dice.choice(names)] = dice.choice((u(chance.Dice.whole(dice, 0, 2**64 - 1)), u(dice.randrange(200)), b"\x81\0"))
        case 2:
            root.head["required"] = bytes([dice.randrange(10)])
        case 3:
            root.head["hash"] = dice.choice((dice.randbytes(4), root.head["hash"][::-1]))
        case 4:
            root.head["key"] = dice.choice((dice.randbytes(4), u(0) + bytes(3), (chain.key.id + dice.randrange(-3, 4) & 2**32 - 1).to_bytes(4, "little")))
        case 5:
            part.immutable = dice.choice((*ON_THE_WAY, small_byte, small_byte))(dice, part.immutable) if part.immutable else b""
        case 6 | 7:
            if "private length" in part.head:
                text = part.plaintext
                step, plain = chain.schema.pad, chain.schema.encode_section(part.tier, PRIVATE, chain.values)
                zeros = bytes(dice.choice((0, step - 1, step, step + 1)))
                part.plaintext = dice.choice((plain + zeros, plain + zeros, text + b"\1", one_byte(dice, text) if text else b"", text[:3]))
        case 8:
            if "private length" in part.head:
                part.private = dice.randbytes(40 + len(part.plaintext))
        case 9:
            root.head["lifetime"] = u(dice.randrange(3))
        case 10:
            born = max(0, chain.now - dice.choice((1_000, 20_000, 30_000, 90_000, 200_000)))
            root.head |= {"born": u(born), "later": u(chain.now - born)}
        case 11:
            part.head["shape"] = bytes([part.head["shape"][0] ^ 1 << dice.randrange(8)])


# -- when and where -------------------------------------------------------------------------------

def moments(dice, server, blob):
    """A time at or near one of the ends that matter to this bundle, in milliseconds; None if it has none."""
    try:
        cookies = parse_blob(blob, for_client=False).cookies
    except WireError:
        return None
    leeway, c = server.verifier.leeway_ms, dice.choice(cookies)
    root = cookies[0].root
    local = server.schema.tiers[c.tier].valid_for if c.tier < server.schema.n else 1
    ends = [c.not_before * 1000 - leeway, c.not_after * 1000 + leeway, (c.not_before + local) * 1000 + leeway,
            root.absolute_end * 1000, (root.born + server.schema.session_max) * 1000]
    key = server.pool.keys.find(root.key_id, 2**62)
    if key:
        ends += [key.accept_until * 1000, key.activates_at * 1000]
    if "embedded" in server.row["pool"]["keys"]:
        ends.append((root.key_id - 1) * server.pool.keys.rotation * 1000)
    return max(0, min(2**64 - 1, dice.choice(ends) + dice.choice((-1, 0, 1, -1, 0, 1, -1_000, 60_000))))
