"""What one would use instead: Django with django-fsm-2 and django-fsm-log, writing the same rows, the way its manual shows."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import prepared_desk
from recording import BY_CASE, Written, changed_columns
from sqlalchemy import Column

from breachdesk.store.engines import journal_mode
from breachdesk.store.tables import METADATA

PRAGMAS = f"PRAGMA journal_mode={journal_mode()};PRAGMA synchronous=FULL;PRAGMA secure_delete=ON;PRAGMA recursive_triggers=ON;" \
          "PRAGMA cache_size=-16384;"
FIELDS = {"Integer": "IntegerField", "AutoString": "TextField", "Text": "TextField", "Date": "DateField", "Moment": "DateTimeField",
          "Boolean": "BooleanField", "LargeBinary": "BinaryField"}


def by_django(folder: Path, url: str, road: list[Written], first: int, last: int) -> Callable[[], object]:
    """Take the next step of the next case: load, transition, save, and create the rows of everything that follows."""
    _set_up(folder, url)
    names = _transition_names(road)
    of, changed = _rows(road, names), [column for column in changed_columns(road) if column != "status"]
    from django.db import transaction

    way = prepared_desk.road_of_cases(first, last)
    parties = {(one.case_id, one.side): one.pk for one in of["parties"].objects.all()}
    recorded = {parties[road[0].case["id"], side]: side for side in ("complainant", "respondent")}

    def one() -> None:
        number, place = next(way)
        with transaction.atomic():
            case = of["cases"].objects.select_for_update().get(reference=prepared_desk.reference(number))
            ids = {old: parties[case.pk, side] for old, side in recorded.items()} | {0: 0}
            _step(of, case, road[place], names[place], ids, changed)

    return one


def _step(of: Any, case: Any, step: Written, name: str, ids: dict[int, int], changed: list[str]) -> None:
    seq, before = case.last_seq + 1, case.last_hash
    details = [of["details"](subject=case.pk, seq=seq, name=row["name"], audience=row["audience"], salt=os.urandom(32), value=row["value"])
               for row in step.details]
    digests = {one.name: sha256(one.salt + one.value.encode()).hexdigest() for one in details}
    body = json.dumps({**step.content, "subject": case.pk, "seq": seq, "details": digests}, ensure_ascii=False, sort_keys=True).encode()
    getattr(case, name)()
    for column in changed:
        setattr(case, column, step.case[column])
    case.last_seq, case.last_hash, case.version = seq, sha256(before.encode() + body).hexdigest(), case.version + 1
    case.save()
    of["entries"].objects.create(subject=case.pk, seq=seq, event=step.entry["event"], at=step.entry["at"], body=body, prev_hash=before,
                                 hash=case.last_hash)
    of["details"].objects.bulk_create(details)
    for row in step.ended:
        of["timers"].objects.filter(case_id=case.pk, kind=row["kind"], subject=ids[row["subject"]], ended_at=None).update(
            ended_at=row["ended_at"], ending=row["ending"])
    for table, rows in step.inserted.items():
        made = [{**row, "id": None, "case_id": case.pk} | ({"subject": ids[row["subject"]]} if "subject" in row else {}) for row in rows]
        of[table].objects.bulk_create([of[table](**row) for row in made])
    for row in step.parties:
        of["parties"].objects.filter(pk=ids[row["id"]]).update(taken=row["taken"], taken_visit=row["taken_visit"])
    for row in step.resumed:
        of["pauses"].objects.filter(case_id=case.pk, to_on=None).update(to_on=row["to_on"])
    for row in step.allegations:
        of["allegations"].objects.filter(case_id=case.pk, ending=None).update(
            ending=row["ending"], admissible=row["admissible"], position=row["position"], decided_seq=row["decided_seq"])
    for row in step.extensions:
        of["extensions"].objects.filter(case_id=case.pk, kind=row["kind"], subject=ids[row["subject"]]).update(over=row["over"])


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


def field_of(column: Column[Any]) -> str:
    """Which kind of Django's fields holds a column of the desk. Raises KeyError for a kind of column that is not mirrored yet."""
    return FIELDS[type(column.type).__name__]


def _rows(road: list[Written], names: list[str]) -> Any:
    """The tables as Django sees them: every column that the desk has, so that a new one is there too."""
    from django.db import models as m
    from django_fsm import ConcurrentTransitionMixin, FSMField, transition

    def table(db_table: str, bases: tuple[type, ...] = (m.Model,), /, **own: Any) -> Any:
        meta = type("Meta", (), {"db_table": db_table, "app_label": "desk", "managed": False})
        fields = {column.name: getattr(m, field_of(column))(null=bool(column.nullable))
                  for column in METADATA.tables[db_table].columns if column.name != "id"}
        return type(f"Of{db_table.title()}", bases, {"__module__": __name__, "Meta": meta, **fields, **own})

    status = FSMField()
    moves: dict[str, Any] = {}
    for step, name in zip(road, names, strict=True):
        def moved(self: Any) -> None:
            """Nothing beside the move itself."""
        moved.__name__ = name
        moves[name] = transition(field=status, source=step.before["status"], target=step.case["status"])(moved)
    by_table = {name: table(name) for name in ("entries", *BY_CASE)}
    by_table["cases"] = table("cases", (ConcurrentTransitionMixin, m.Model), status=status, **moves)
    by_table["details"] = table("details", pk=m.CompositePrimaryKey("subject", "seq", "name"))
    return by_table
