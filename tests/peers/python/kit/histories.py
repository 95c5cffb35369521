"""Sessions by chance: what a client of a small pool comes to hold, and when it was honest to present it."""

from dataclasses import dataclass

import mapping
from kit import chance
from kit.case import embedded, key, ring
from kit.forge import NOW
from statecookie_peer import Issuer, Jar, Refused, Verifier
from statecookie_peer.errors import DerivedMissing, NotIssuable

DAY = 86_400
POOLS = 8


def servers():
    """Every schema at eight servers; the last ones of each are hard to please."""
    long = ring(key(3, 7, NOW - 1_000, 2 * DAY, 9 * DAY), key(2**31, 99, NOW + 40_000, 2 * DAY, 9 * DAY), name="long")
    lost = [key(3, 7, NOW - 1_000), key(1, 0, NOW - 5_000), key(8, 3, NOW - 500)]
    revoking = ring(*[{**one, "revoked": True} for one in lost], key(44, 120, NOW - 400, 2 * DAY, 9 * DAY), name="revoking")
    pools = [embedded(), long, embedded("quick", rotation=700, skew=20, first=9),
             {**ring(name=""), "leeway_ms": 0}, {**embedded("small"), "max_bytes": 260},
             {**embedded("late"), "refuse_born_before": NOW + 700}, {**ring(key(8, 3, NOW - 500, 3_000, 100_000))}, revoking]
    assert len(pools) == POOLS
    schemas = ("Note", "Basket", "World", "Ladder", "all numbers", "Till", "Archive", "Film", "Glider")
    return [{"schema": schema, "pool": pool} for schema in schemas for pool in pools]


@dataclass
class Moment:
    """What could be presented honestly at this time (milliseconds), and the values that come of it."""
    bundle: bytes
    now_ms: int
    values: dict


class Server:
    """One server of the list, with what each kind of work needs."""

    def __init__(self, row, schemas):
        self.row, self.schema = row, schemas[row["schema"]]
        case = {"pool": row["pool"], "schema": row["schema"]}
        self.pool, self.verifier = mapping.pool(case, schemas), mapping.verifier(case, schemas)

    def judge(self, blob, now_ms, identity):
        """The peer's verdict in the form of a vector's `expect`."""
        try:
            found = self.verifier.resume(blob, now_ms, identity)
        except Refused as refused:
            return {"reason": refused.reason}
        values = {f.name: mapping.to_json(f.shape, found.values[f.name]) for f in self.schema.fields}
        return {"values": values, "defaulted": list(found.defaulted)}


class History:
    """A session from its first update on, through changes, renewals, requests and fail-overs."""

    def __init__(self, dice, server):
        self.dice, self.server, self.moments, self.jar = dice, server, [], Jar(server.schema)
        self.identity = dice.choice((None, None, None, b"", b"user:42"))
        self.issuer = Issuer(server.pool, random=dice.randbytes)
        self.now_ms = (NOW + dice.randrange(2_500)) * 1000 + dice.randrange(1000)
        self.values = chance.state(dice, server.schema)
        self.session = self.issuer.new_session(self.now_ms, self.identity)
        self._flush((), self.values)
        for _ in range(dice.choice((0, 0, 1, 2, 4))):
            self._step()

    def _flush(self, touched, values):
        """The server changes these values, if it may: without a key it issues nothing, and they stay as they were."""
        try:
            update = self.issuer.update(self.session, values, touched, self.now_ms, padded=self.dice.one_in(3))
        except NotIssuable:
            return
        self.values = values
        self.jar.merge(update)
        best = self.jar.best_chain()
        if not self._supply(values):
            return
        if [c.tag for c in best] == [self.session.tiers[c.tier].full_tag[:16] for c in best]:
            full = self.dice.one_in(4) and best[0].raw in update and not self.server.schema.derived
            bundle = update if full else self.jar.bundle()
            self.moments.append(Moment(bundle, self.now_ms, dict(values)))

    def _supply(self, values):
        """The client works its derived values out as the server does; not under a twin's signed bound that leaves them outside."""
        try:
            for f in self.server.schema.derived:
                self.jar.set_derived(f.name, values[f.name])
        except ValueError:
            return False
        return True

    def _step(self):
        dice, schema = self.dice, self.server.schema
        self.now_ms += dice.choice((0, 1, 900, 5_000, 20_000, 100_000))
        if dice.one_in(3) and self.moments:
            self._fail_over(dice.one_in(2))
        tier = dice.randrange(schema.n)
        self._flush((tier,), chance.changed(dice, schema, self.values, range(tier + 1)))

    def _fail_over(self, for_good):
        """Another server goes on from the newest bundle, if it may."""
        try:
            verifier = Verifier(self.server.pool, leeway_ms=self.server.verifier.leeway_ms)
            found = verifier.resume(self.jar.bundle(), self.now_ms, self.identity)
        except (Refused, DerivedMissing):
            return
        self.values = dict(found.values)
        self.session = self.issuer.adopt(found, for_good)
