"""The parties, people, allegations, remedies and links of a case, folded from its entries. Part of `replaying`; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from breachdesk.clock import local_day
from breachdesk.workflow.identity_modes import OPEN, mode_chosen

Row = dict[str, Any]
DECLARED, OBJECTION = "declared", "objection"
_STAND_IN = "stand_in"


@dataclass(slots=True)
class HoldingsReplay:
    """What a case holds, by the numbers that its entries name it by."""

    reference: str = ""
    parties: dict[int, Row] = field(default_factory=dict)
    allegations: dict[int, Row] = field(default_factory=dict)
    appointments: list[Row] = field(default_factory=list)
    remedies: dict[int, Row] = field(default_factory=dict)
    interests: list[Row] = field(default_factory=list)
    representations: list[Row] = field(default_factory=list)
    links: list[Row] = field(default_factory=list)

    def rows(self) -> Iterator[tuple[str, list[Row]]]:
        yield "parties", list(self.parties.values())
        yield "allegations", list(self.allegations.values())
        yield "appointments", self.appointments
        yield "remedies", list(self.remedies.values())
        yield "interests", self.interests
        yield "representations", self.representations
        yield "case_links", self.links

    def opened(self, facts: Any, seq: int, at: datetime) -> None:
        """The case's first entry; a part of another case brings along what was known of it there."""
        self.reference = facts["reference"]
        carried, measured = facts["effects"].get("carried", {}), facts["effects"].get("measured")
        identities, mode = dict(carried.get("identities", ())), mode_chosen(facts["answers"])
        for place, one in enumerate(facts["parties"]):
            shown = identities.get(one["party"], mode if one["side"] == "complainant" else OPEN)
            self.parties[one["party"]] = {"id": one["party"], "organisation_id": one["organisation"], "side": one["side"],
                                          "is_lead": place == 0, "taken": "", "taken_visit": 0, "left_on": None, "identity": shown}
        known = {row[0]: row[1:] for row in carried.get("allegations", ())}
        for place, (party, commitment, *number) in enumerate(facts["allegations"], 1):
            own = number[0] if number else -place
            admissible, position, *figures = known.get(own, (None, None, None, None))
            required, happened = measured[1:] if measured and measured[0] == commitment else figures
            self.allegations[own] = {"id": own, "party_id": party, "commitment_id": commitment, "ending": None, "admissible": admissible,
                                     "decided_seq": None, "position": position, "required": required, "happened": happened}
        for party, organisation, day in carried.get("represented", ()):
            self._represent(party, organisation, day)
        if carried:
            self._link(facts["effects"]["linked"][0], self.reference, "split")
        else:
            self._effects(facts["effects"], seq, at)

    def stepped(self, facts: Any, seq: int, at: datetime, visits: tuple[int, int]) -> None:
        """A step. VISITS: which visit to its stage it was before, and is after."""
        party = self.parties.get(facts["party"])
        if party:
            before = set(party["taken"].split()) if party["taken_visit"] == visits[0] else set()
            party.update(taken=" ".join(sorted(before | {facts["action"]})), taken_visit=visits[1])
        self._effects(facts["effects"], seq, at)

    def ended(self, outcome: str) -> None:
        """What is still open ends with the case."""
        for row in self.allegations.values():
            row["ending"] = row["ending"] or outcome

    def reopened(self, outcome: str) -> None:
        """What ended with the case goes on with it; what had been refused as a whole is decided anew."""
        for row in self.allegations.values():
            if row["ending"] == outcome:
                row.update(ending=None, admissible=row["admissible"] or None)

    def noted(self, event: str, facts: Any, actor: int, seq: int, at: datetime) -> None:
        """What happens beside the steps."""
        if event == "link:made":
            self._link(facts["case"], self.reference, facts["kind"])
        elif event == "identity:unmasked":
            self.parties[facts["party"]]["identity"] = OPEN
        elif event == "interest:declared" and facts["nature"] != "none":
            self.interests.append({"account_id": actor, "seq": seq, "because": DECLARED})
            # Whoever stands in and has an interest stands back with it, so that the case can be passed on anew.
            self._release(actor, _STAND_IN, at)

    def _effects(self, effects: Any, seq: int, at: datetime) -> None:
        for one in effects.get("released", ()):
            self._release(one["account"], one["role"], at)
        self.appointments += [{"account_id": one["account"], "role": one["role"], "chair": one["chair"], "seq": seq, "from_at": at,
                               "ended_at": None} for one in effects.get("appointed", ())]
        for number, admitted in effects.get("decided", ()):
            self.allegations[number].update(admissible=admitted, decided_seq=seq, ending=None if admitted else "inadmissible")
        for number, position in effects.get("positions", ()):
            self.allegations[number]["position"] = position
        for number in effects.get("split", ()):
            self.allegations[number]["ending"] = "split"
        self._remedies(effects, seq)
        self._people(effects, seq, at)
        if effects.get("linked"):
            self._link(self.reference, *effects["linked"])
        if effects.get("part"):
            self._link(self.reference, effects["part"], "split")

    def _remedies(self, effects: Any, seq: int) -> None:
        if one := effects.get("remedy_added"):
            self.remedies[one["remedy"]] = {
                "number": one["remedy"], "kind": one["kind"], "owner_id": one["owner"], "state": one["state"], "added_seq": seq,
                "due_on": date.fromisoformat(one["due_on"]) if one["due_on"] else None, "settled_seq": None}
        if one := effects.get("remedy_settled"):
            self.remedies[one["remedy"]].update(state=one["state"], settled_seq=seq)

    def _people(self, effects: Any, seq: int, at: datetime) -> None:
        excluded = [(effects["interested"], DECLARED)] if effects.get("interested") else []
        excluded += [(account, OBJECTION) for account in effects.get("objected", ())]
        self.interests += [{"account_id": account, "seq": seq, "because": because} for account, because in excluded]
        if effects.get("represented"):
            party, organisation, day = effects["represented"]
            for row in self.representations:
                if row["party_id"] == party and row["ended_at"] is None:
                    row["ended_at"] = at
            self._represent(party, organisation, day)
        if effects.get("succeeded"):
            party, organisation = effects["succeeded"]
            self.parties[party]["organisation_id"] = organisation
        if effects.get("left"):
            self.parties[effects["left"]]["left_on"] = local_day(at)

    def _release(self, account: int, role: str, at: datetime) -> None:
        for row in self.appointments:
            if (row["account_id"], row["role"], row["ended_at"]) == (account, role, None):
                row["ended_at"] = at

    def _represent(self, party: int, organisation: int, day: str) -> None:
        self.representations.append({"party_id": party, "organisation_id": organisation, "consent_on": date.fromisoformat(day),
                                     "ended_at": None})

    def _link(self, case: str, other: str, kind: str) -> None:
        self.links.append({"case_id": case, "other_id": other, "kind": kind})
