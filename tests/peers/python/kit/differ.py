"""The differential run's half in Python: makes cases by chance and judges them, and judges what another implementation made."""

import mapping
from check_vectors import same
from kit import bend, chance
from kit.case import Kit
from kit.histories import POOLS, History, Server, servers

# How often each thing is done to a bundle, in all.
WEIGHTS = {"honest": 18, "own values": 14, "own values outside": 10, "own bytes": 10, "derived bytes": 9, "on the way": 12, "within a cookie": 7,
           "rearranged": 8, "signed": 16, "another time": 14, "another server": 5, "another client": 3}
PER_HISTORY = 12


class Judge:
    """Judges cases that name a server of a list."""

    def __init__(self, rows):
        self.kit = Kit()
        self.servers = [Server(row, self.kit.schemas) for row in rows]

    def answer(self, case):
        """`case`: server's number, time in milliseconds, identity (hex or null), blob (hex)."""
        number, now_ms, identity, blob = case[:4]
        identity = None if identity is None else bytes.fromhex(identity)
        return self.servers[number].judge(bytes.fromhex(blob), now_ms, identity)


class Maker(Judge):
    """Makes cases, each with what was done, the peer's own verdict, and what an honest one must give."""

    def __init__(self):
        super().__init__(servers())

    def cases(self, seed, chunk, count):
        dice, held, made = chance.Dice(f"{seed}/{chunk}"), {}, 0
        while made < count:
            number = dice.randrange(len(self.servers))
            for case in self._of_history(dice, number, held):
                if made < count:
                    yield case
                    made += 1

    def _of_history(self, dice, number, held):
        """`held`: the last history of each server, for cookies from elsewhere."""
        history = History(dice, self.servers[number])
        if not history.moments:
            return
        other = held.get(number, history)
        held[number] = history
        for _ in range(PER_HISTORY):
            kind, = dice.choices(list(WEIGHTS), WEIGHTS.values())
            yield self._case(dice, kind, number, history, other)

    def _case(self, dice, kind, number, history, other):
        server, moment = self.servers[number], dice.choice(history.moments)
        blob, now_ms, identity = moment.bundle, moment.now_ms + dice.choice((0, 0, 1, 700)), history.identity
        must = None
        match kind:
            case "honest":
                must = self._must(server, moment.values)
            case "own values":
                blob, values = bend.own_values(dice, server.schema, blob, moment.values, True)
                must = self._must(server, values)
            case "own values outside":
                blob, _ = bend.own_values(dice, server.schema, blob, moment.values, False)
            case "own bytes":
                blob = bend.own_bytes(dice, server.schema, blob)
            case "derived bytes":
                blob = bend.derived_bytes(dice, server.schema, blob)
            case "on the way":
                blob = dice.choice(bend.ON_THE_WAY)(dice, blob)
            case "within a cookie":
                blob = bend.within_a_cookie(dice, blob)
            case "rearranged":
                blob = bend.rearranged(dice, blob, dice.choice((other, history)).moments[-1].bundle)
            case "signed":
                blob, now_ms = bend.signed(dice, server, self.kit, moment.values, identity)
                if dice.one_in(4):
                    now_ms = bend.moments(dice, server, blob) or now_ms
            case "another time":
                now_ms = bend.moments(dice, server, blob) or now_ms
            case "another server":
                number = dice.randrange(len(self.servers)) if dice.one_in(3) else number - number % POOLS + dice.randrange(POOLS)
            case "another client":
                identity = dice.choice((None, b"", b"user:42", b"user:43"))
        case = [number, now_ms, None if identity is None else identity.hex(), blob.hex()]
        verdict = self.answer(case)
        if must is not None:
            assert self._as_it_must(server, verdict, must), f"the peer makes {verdict} of what it issued as {must}"
        return [*case, kind, verdict]

    @staticmethod
    def _must(server, values):
        """What an honest bundle restores."""
        return {f.name: mapping.to_json(f.shape, values[f.name]) for f in server.schema.fields}

    @staticmethod
    def _as_it_must(server, verdict, must):
        """An honest bundle is restored as it was issued, but by a server that takes less, or none so old."""
        if "reason" in verdict:
            setting = {"too-large": "max_bytes", "revoked": "refuse_born_before"}.get(verdict["reason"])
            return setting in server.row["pool"]
        return same(verdict, {"values": must, "defaulted": []})
