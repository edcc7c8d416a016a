"""What one would use instead: Django with django-fsm-2 and django-fsm-log, writing the same rows, the way its manual shows."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import prepared_desk
from recording import CHANGED, Written

from breachdesk.store.session import journal_mode

PRAGMAS = f"PRAGMA journal_mode={journal_mode()};PRAGMA synchronous=FULL;PRAGMA secure_delete=ON;PRAGMA recursive_triggers=ON;" \
          "PRAGMA cache_size=-16384;"


def by_django(folder: Path, url: str, road: list[Written], first: int, last: int) -> Callable[[], object]:
    """Take the next step of the next case: load, transition, save, and create the rows of everything that follows."""
    _set_up(folder, url)
    names = _transition_names(road)
    of = _rows(road, names)
    from django.db import transaction

    way = prepared_desk.road_of_cases(first, last)
    parties = {(one.case_id, one.side): one.pk for one in of.Party.objects.all()}
    recorded = {parties[road[0].case["id"], side]: side for side in ("complainant", "respondent")}

    def one() -> None:
        number, place = next(way)
        with transaction.atomic():
            case = of.Case.objects.select_for_update().get(reference=prepared_desk.reference(number))
            ids = {old: parties[case.pk, side] for old, side in recorded.items()} | {0: 0}
            _step(of, case, road[place], names[place], ids)

    return one


def _step(of: Any, case: Any, step: Written, name: str, ids: dict[int, int]) -> None:
    seq, before = case.last_seq + 1, case.last_hash
    details = [of.Detail(subject=case.pk, seq=seq, name=row["name"], audience=row["audience"], salt=os.urandom(32), value=row["value"])
               for row in step.details]
    digests = {one.name: sha256(one.salt + one.value.encode()).hexdigest() for one in details}
    body = json.dumps({**step.content, "subject": case.pk, "seq": seq, "details": digests}, ensure_ascii=False, sort_keys=True).encode()
    getattr(case, name)()
    for column in CHANGED[1:]:
        setattr(case, column, step.case[column])
    case.last_seq, case.last_hash, case.version = seq, sha256(before.encode() + body).hexdigest(), case.version + 1
    case.save()
    of.Entry.objects.create(subject=case.pk, seq=seq, event=step.entry["event"], at=step.entry["at"], body=body, prev_hash=before,
                            hash=case.last_hash)
    of.Detail.objects.bulk_create(details)
    for row in step.ended:
        of.Timer.objects.filter(case_id=case.pk, kind=row["kind"], subject=ids[row["subject"]], ended_at=None).update(
            ended_at=row["ended_at"], ending=row["ending"])
    for table, rows in step.inserted.items():
        made = [{**row, "id": None, "case_id": case.pk} | ({"subject": ids[row["subject"]]} if "subject" in row else {}) for row in rows]
        of.by_table[table].objects.bulk_create([of.by_table[table](**row) for row in made])
    for row in step.parties:
        of.Party.objects.filter(pk=ids[row["id"]]).update(taken=row["taken"], taken_visit=row["taken_visit"])
    for row in step.resumed:
        of.Pause.objects.filter(case_id=case.pk, to_on=None).update(to_on=row["to_on"])
    for row in step.allegations:
        of.Allegation.objects.filter(case_id=case.pk, ending=None).update(
            ending=row["ending"], admissible=row["admissible"], position=row["position"])


def _set_up(folder: Path, url: str) -> None:
    import django
    from django.conf import settings
    from django.core.management import call_command

    settings.configure(
        DATABASES={"default": {**_address(folder, url), "CONN_MAX_AGE": None}}, DEBUG=False, USE_TZ=True, TIME_ZONE="UTC",
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django_fsm", "django_fsm_log"],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField")
    django.setup()
    call_command("migrate", verbosity=0)


def _address(folder: Path, url: str) -> dict[str, Any]:
    if not url:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "breachdesk.db",
                "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 30, "init_command": PRAGMAS}}
    parts = urlsplit(url)
    return {"ENGINE": "django.db.backends.postgresql", "NAME": parts.path.lstrip("/"), "USER": parts.username,
            "HOST": parse_qs(parts.query)["host"][0]}


def _transition_names(road: list[Written]) -> list[str]:
    """One transition for each way in which an action moves a case or leaves it where it is."""
    return [f"{step.action}__{step.before['status']}__{step.case['status']}" for step in road]


def _rows(road: list[Written], names: list[str]) -> Any:
    """The tables as Django sees them."""
    from django.db import models as m
    from django_fsm import ConcurrentTransitionMixin, FSMField, transition

    def table(title: str, db_table: str, bases: tuple[type, ...] = (m.Model,), /, **fields: Any) -> Any:
        meta = type("Meta", (), {"db_table": db_table, "app_label": "desk", "managed": False})
        return type(title, bases, {"__module__": __name__, "Meta": meta, **fields})

    def text(**more: Any) -> Any:
        return m.TextField(**more)

    def number(**more: Any) -> Any:
        return m.IntegerField(**more)

    status = FSMField()
    moves: dict[str, Any] = {}
    for step, name in zip(road, names, strict=True):
        def moved(self: Any) -> None:
            """Nothing beside the move itself."""
        moved.__name__ = name
        moves[name] = transition(field=status, source=step.before["status"], target=step.case["status"])(moved)
    of = SimpleNamespace(
        Case=table("Case", "cases", (ConcurrentTransitionMixin, m.Model), status=status, **moves, scheme_id=number(),
                   reference=text(), procedure_digest=text(), title=text(), stage=text(), stage_visit=number(), version=number(),
                   episode=number(), channel=text(), received_on=m.DateField(), entered_at=m.DateTimeField(), event_on=m.DateField(),
                   tried_directly=m.BooleanField(), reached_panel=m.BooleanField(),
                   respondents_told=m.BooleanField(), has_ledger=m.BooleanField(), has_holdings=m.BooleanField(),
                   next_due_on=m.DateField(null=True), outcome=text(null=True), closed_on=m.DateField(null=True),
                   reopened_on=m.DateField(null=True), last_seq=number(),
                   last_hash=text()),
        Entry=table("Entry", "entries", subject=number(), seq=number(), event=text(), at=m.DateTimeField(), body=m.BinaryField(),
                    prev_hash=text(), hash=text(), request_key=text(null=True)),
        Detail=table("Detail", "details", pk=m.CompositePrimaryKey("subject", "seq", "name"), subject=number(), seq=number(),
                     name=text(), audience=text(), salt=m.BinaryField(), value=text()),
        Party=table("Party", "parties", case_id=number(), organisation_id=number(), side=text(), is_lead=m.BooleanField(), taken=text(),
                    taken_visit=number()),
        Allegation=table("Allegation", "allegations", case_id=number(), party_id=number(), commitment_id=number(),
                         ending=text(null=True), admissible=m.BooleanField(null=True), position=text(null=True)),
        Pause=table("Pause", "pauses", case_id=number(), kind=text(), limits=text(), from_on=m.DateField(), to_on=m.DateField(null=True),
                    because=text(), by_account_id=number(), review_on=m.DateField(null=True)),
        Timer=table("Timer", "timers", case_id=number(), kind=text(), subject=number(), generation=number(), rung=number(),
                    started_on=m.DateField(), due_on=m.DateField(null=True), calendar_digest=text(), lasts=text(null=True),
                    fires_at=m.DateTimeField(null=True),
                    ended_at=m.DateTimeField(null=True), ending=text(null=True), tries=number(), trouble=text(null=True)))
    of.by_table = {
        "timers": of.Timer, "pauses": of.Pause,
        "notices": table("NoticeQueued", "notices", case_id=number(), seq=number(), name=text(), subject=number(), days=text(),
                         queued_at=m.DateTimeField(), sent_at=m.DateTimeField(null=True), tries=number(), trouble=text(null=True)),
        "appointments": table("Appointment", "appointments", case_id=number(), account_id=number(), role=text(), chair=m.BooleanField(),
                              from_at=m.DateTimeField(), ended_at=m.DateTimeField(null=True)),
        "extensions": table("Extension", "extensions", case_id=number(), kind=text(), subject=number(), working_days=number(),
                            because=text(), by_account_id=number(), over=m.BooleanField())}
    return of
