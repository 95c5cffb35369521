"""Accepted: what the peer's issuer and jar make of sessions that live: updates, fail-overs, renewals, logins, keys."""

import mapping
from kit.case import embedded, key, ring
from kit.forge import NOW, Dice
from kit.states import state
from statecookie_peer import Issuer, Jar


class Life:
    """One session over several servers, with a jar; each step comes some seconds after `NOW`."""

    def __init__(self, kit, name, schema, pool=None, identity=None, **changes):
        self.kit, self.name, self.schema, self.pool, self.identity = kit, name, schema, pool or embedded(), identity
        case = {"pool": self.pool, "schema": schema}
        self.verifier = mapping.verifier(case, kit.schemas)
        self.issuer = Issuer(mapping.pool(case, kit.schemas), random=Dice(name))
        self.values, self.jar, self.updates = state(schema, **changes), Jar(), []
        self.session = self.issuer.new_session(NOW * 1000, identity)
        self.flush(0)

    def flush(self, after, tier=None, **changes):
        """The server changes values of this tier (and below) and sends an update."""
        self.values = {**self.values, **changes}
        given = {f.name: mapping.from_json(f.shape, self.values[f.name]) for f in self.kit.schemas[self.schema].fields}
        touched = () if tier is None else (tier,)
        update = self.issuer.update(self.session, given, touched, (NOW + after) * 1000, padded=len(self.updates) % 2 == 1)
        self.updates.append(update)
        self.jar.merge(update)
        return self

    def fail_over(self, after, bundle=None, for_good=True):
        found = self.verifier.resume(bundle or self.jar.bundle(), (NOW + after) * 1000, self.identity)
        self.session = self.issuer.adopt(found, for_good)
        return self

    def accept(self, after, name="", blob=None, values=None, defaulted=(), **given):
        self.kit.accept(f"{self.name}{name}", self.schema, blob or self.jar.bundle(padded=True), values or self.values, defaulted,
                        pool=self.pool, now_ms=(NOW + after) * 1000, identity=self.identity, **given)
        return self


def add(kit):
    steps(kit)
    fail_overs(kit)
    older(kit)
    renewals(kit)
    logins(kit)
    keys(kit)


def steps(kit):
    changes = {"World": [(0, {"yaw": 1.5}), (1, {"step": 2}), (0, {"ready": False}), (2, {"rating": 5})],
               "Ladder": [(0, {"step": 1}), (3, {"level": 9}), (6, {"pin": ""}), (1, {"name": "Bo"}), (7, {"house": 0})],
               "Till": [(0, {"tip": 0}), (2, {"limit": 700}), (1, {"amount": -5})],
               "all numbers": [(0, {"d": 1}), (1, {"plain": 3})],
               "Archive": [(0, {"marks": [], "read": False}), (1, {"seal": ""})]}
    for schema, rows in changes.items():
        life = Life(kit, f"life-of-{schema.replace('all ', '').lower()}", schema)
        for number, (tier, values) in enumerate(rows):
            life.flush(number + 1, tier, **values).accept(number + 2, f"-step-{number + 1}")


def fail_overs(kit):
    for pool, source in ((embedded(), "embedded"), (ring(), "ring")):
        life = Life(kit, f"fail-over-{source}", "World", pool).flush(3, 0, yaw=2.0)
        life.fail_over(5).flush(6).accept(7, "-first-update")
        life.flush(8, 1, step=4).accept(9, "-then-a-change").fail_over(10).flush(10).accept(10, "-twice-over")
    life = Life(kit, "request", "Ladder").fail_over(5, for_good=False).flush(6, 0, step=2).accept(7, "-partial-under-the-same-chain")
    life.fail_over(8, for_good=False).flush(9, 4, floors=[0, 0, 0]).accept(10, "-that-changes-a-middle-tier")
    # A server that was shown no tier 1 and 0 issues tier 2 anew, so that what comes below has no siblings.
    cut = Life(kit, "short-bundle", "Ladder")
    whole = cut.jar.bundle()
    cut.fail_over(2, kit.chain("Ladder", seed="short").bundle(6), for_good=False)
    cut.jar = Jar()
    cut.jar.merge(kit.chain("Ladder", seed="short").update())
    cut.flush(3, 0, step=7, name="").accept(4, "-goes-on-under-its-lowest-tier")
    assert cut.session.tiers[2].counter == 1
    cut.accept(4, "-whole", whole, state("Ladder"))
    fork, other = Life(kit, "fork", "Basket"), Life(kit, "fork", "Basket")
    other.issuer.random = Dice("another server")
    fork.fail_over(1).flush(2, 0, quantity=3).accept(3, "-one-branch")
    other.fail_over(1).flush(2, 0, quantity=4).accept(3, "-other-branch")
    assert fork.session.branch != other.session.branch


def older(kit):
    """Rollback within what is promised: older complete chains, and older siblings under the same parent."""
    life, first = Life(kit, "older", "World"), state("World")
    begun = life.jar.bundle()
    life.flush(1, 0, yaw=1.0).flush(2, 0, yaw=2.0)
    sibling = Jar()
    for update in life.updates[:2]:
        sibling.merge(update)
    life.flush(3, 1, step=6)
    life.accept(4, "-complete-chain", begun, first)
    life.accept(4, "-sibling-of-the-lowest", sibling.bundle(), {**first, "yaw": 1.0})
    life.accept(4, "-nothing-but-the-newest")
    again = Life(kit, "own-over-newer", "Till").flush(1, 0, tip=3)
    section = kit.schemas["Till"].encode_section(0, 2, {"last": -15, "confirmed": True, "tip": 1})
    again.jar.set_own(0, section)
    again.accept(2, values={**again.values, "last": -15, "confirmed": True, "tip": 1})
    again.flush(3, 1, amount=20, tip=3).accept(4, "-drops-them")


def renewals(kit):
    life = Life(kit, "renewed", "World").flush(20, 0).accept(60, "-lowest-tier", defaulted=[])
    life.flush(1_000, 1).accept(1_010, "-middle-tier").flush(6_000, 2).accept(6_000, "-root")
    late = Life(kit, "basket-to-its-end", "Basket", least=0)
    for after in range(5_000, 28_000, 5_000):
        late.flush(after, 1)
    late.flush(28_700, 1).accept(28_799, "-in-its-last-second")


def logins(kit):
    for schema, identity in (("Basket", b"user:42"), ("Till", b""), ("Archive", "grüße".encode())):
        life = Life(kit, f"bound-{schema.lower()}", schema, identity=identity).accept(1)
        life.fail_over(2).flush(3).accept(4, "-after-a-fail-over")


def keys(kit):
    pool = ring(key(1, 0, NOW - 5_000), key(2, 80, NOW + 1_000), key(3, 160, NOW + 3_000))
    life = Life(kit, "keys-of-a-ring", "Ladder", pool)
    life.flush(1_500, 0, step=0)
    assert life.session.key_id == 2
    life.accept(1_501, "-second-key").flush(3_500, 3, level=3).accept(3_501, "-third-key")
    period = Life(kit, "keys-of-periods", "Note")
    before = period.jar.bundle()
    period.flush(10_800 - NOW % 10_800 + 1, 0, quality=1)
    assert period.session.key_id == NOW // 10_800 + 1
    period.accept(10_800 - NOW % 10_800 + 2, "-next").accept(3_000, "-before", before, state("Note"))
