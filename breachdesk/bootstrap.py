"""Settings → Desk. The only place that makes the database's engine, the mailer and the clocks."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path

import structlog

from breachdesk.audit.chain import Doer
from breachdesk.audit.checkpoint import Checkpoint
from breachdesk.casework.backups.backing_up import Progress
from breachdesk.casework.backups.backup_compared import Known, last_known
from breachdesk.casework.backups.restoring import Looked, OwnedUp, all_or_nothing, fill, look, own_up
from breachdesk.casework.desk import Desk, FileRules, Outside, Provider
from breachdesk.casework.files import FOLDER
from breachdesk.casework.forgetting.erasures_kept import kept_files, read_erasures
from breachdesk.casework.forgetting.leftovers import clear_leftovers
from breachdesk.casework.log.auditing import verify
from breachdesk.casework.log.log_keys import make_key
from breachdesk.casework.log.sealing import KEPT, seal_quietly
from breachdesk.clock import wall_time
from breachdesk.errors import BadSettings, NotFound, Refused
from breachdesk.identity import THE_OPERATOR
from breachdesk.mail.folder import FolderMailer
from breachdesk.mail.mailer import Mailer
from breachdesk.mail.smtp import SmtpMailer
from breachdesk.settings import Settings
from breachdesk.store import copying, desk_row, migrating
from breachdesk.store.audit_log import record_for_desk
from breachdesk.store.session import Database

BY_OPERATOR = Doer(THE_OPERATOR.account_id, "operator")


def open_desk(settings: Settings, wall: Callable[[], datetime] = wall_time) -> Desk:
    """The desk that these settings name. Raises NotFound when there is none yet."""
    _require_database_file(settings)
    database = Database(settings.database)
    if not migrating.is_current(database):
        if not migrating.has_tables(database):
            database.close()
            raise NotFound("There is no desk here yet. Make one: breachdesk desk create")
        migrating.upgrade(database)
    with database.read() as session:
        row = desk_row.read_desk(session)
    if row is None:
        database.close()
        raise NotFound("There is no desk here yet. Make one: breachdesk desk create")
    return _desk(settings, database, bool(row.practice), wall)


def create_desk(settings: Settings, *, practice: bool = False, start: datetime | None = None,
                wall: Callable[[], datetime] = wall_time) -> Desk:
    """Make a new desk: its folder, its key, its tables. Raises Refused when there is one already.

    START (practice only) is the moment at which its time begins. A practice desk never becomes a real one.
    """
    data = settings.data_path
    data.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database)
    if migrating.has_tables(database):
        database.close()
        raise Refused(f"There is a desk here already ({_where(settings)}). To begin anew, choose another BREACHDESK_DATA_DIR.")
    migrating.upgrade(database)
    now = wall()
    offset = (start - now) if practice and start else timedelta()
    with database.begin() as session:
        desk_row.create_desk_row(session, practice=practice, at=now, offset=offset)
        record_for_desk(session, "desk:created", now + offset, BY_OPERATOR, {"practice": practice})
        desk = _desk(settings, database, practice, wall)
        make_key(session, desk, BY_OPERATOR)
    return desk


def look_at_backup(settings: Settings, path: Path, key: str, outside: Sequence[tuple[Checkpoint, Path]] = ()) -> Looked:
    """Read a backup through, and compare it with what is known OUTSIDE of it, beside the database, and in the file kept elsewhere."""
    known = [Known(one, file.name, datetime.fromtimestamp(file.stat().st_mtime, UTC)) for one, file in outside]
    known += last_known(settings.data_path / KEPT, f"The file {KEPT} in the data folder")
    if settings.checkpoint_file:
        known += last_known(Path(settings.checkpoint_file), "The file that BREACHDESK_CHECKPOINT_FILE names")
    return look(path, key, known)


@dataclass(frozen=True, slots=True)
class Restored:
    """A desk that was restored: the backup, what was owned up to, how many entries its log has, and whether its secrets are lost."""

    looked: Looked
    owned_up: OwnedUp
    entries: int
    second_steps_lost: bool


def restore_desk(settings: Settings, path: Path, key: str = "", outside: Sequence[tuple[Checkpoint, Path]] = (), *,
                 erasures: Sequence[Path] = (), accept_loss: bool = False, wall: Callable[[], datetime] = wall_time,
                 progress: Progress = lambda done, total: None) -> Restored:
    """Make a desk from a backup. All of it or nothing.

    Raises Refused where a desk is already, or where the backup is older than what is known outside and nobody accepts the loss; BadBackup;
    LogBroken when its log is not whole, or not the one that was signed.
    """
    _require_nothing_there(settings)
    looked = look_at_backup(settings, path, key, outside)
    looked.compared.require_accepted(accept_loss)
    data = settings.data_path
    data.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database)
    with all_or_nothing(database, data):
        fill(database, data, path, key, looked.listed, progress)
        lost = not settings.secret_key and not (data / "secret_key").exists()
        desk = _desk(settings, database, looked.listed.about.practice, wall)
        verify(desk, looked.compared.agreeing, looked.keys)
        files = [one for one in (*kept_files(desk), *erasures) if one.exists()]
        erased = dict.fromkeys((*looked.erased, *(line for one in files for line in read_erasures(one))))
        done = own_up(desk, looked, tuple(erased), BY_OPERATOR)
    clear_leftovers(desk)
    seal_quietly(desk)
    with database.read() as session:
        entries = copying.count(session, "entries")
    database.close()
    return Restored(looked, done, entries, lost)


def _require_nothing_there(settings: Settings) -> None:
    """Raise Refused unless the database is empty, and no files of cases are there."""
    file = Path(settings.database.removeprefix("sqlite:///")) if settings.database.startswith("sqlite:///") else None
    if (file and file.exists()) or (not file and migrating.has_any_table(settings.database)):
        raise Refused(f"There is a database here already ({_where(settings)}). Restore into another one, or move it away: breachdesk.db, "
                      "and breachdesk.db-wal if it is there. Leave checkpoints.txt, erasures.txt and the keys where they are.")
    if any((settings.data_path / FOLDER).glob("*")):
        raise Refused(f"The folder {FOLDER}/ in the data folder holds files of cases. Move it away; the backup brings its own.")


def _desk(settings: Settings, database: Database, practice: bool, wall: Callable[[], datetime]) -> Desk:
    _log_plainly()
    return Desk(database, _mailer(settings), practice, settings.data_path, settings.base_url, wall, secret_key(settings),
                settings.common_passwords, FileRules(settings.file_megabytes, settings.files_each_side, settings.scanner),
                timedelta(minutes=settings.idle_minutes), _provider(settings),
                Outside(settings.checkpoint_file, settings.witness_url, settings.witness_key))


def _provider(settings: Settings) -> Provider | None:
    """Through whom people may sign in, if that is set. Raises BadSettings without the extra that it takes."""
    if not settings.oidc_issuer:
        return None
    if find_spec("authlib") is None:
        raise BadSettings("BREACHDESK_OIDC_ISSUER is set, but what it takes is not installed: install breachdesk[oidc].")
    return Provider(settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret, settings.oidc_name)


def _log_plainly() -> None:
    """One line of JSON for each event, with a traceback but never with the values in it: those hold what people wrote."""
    structlog.configure(processors=[
        structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)],
        # Not on standard output, which is for what a command was asked: a program may be reading JSON there.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))


def _mailer(settings: Settings) -> Mailer:
    if settings.smtp_url:
        return SmtpMailer(settings.smtp_url, settings.mail_from)
    return FolderMailer(settings.data_path / "outbox", settings.mail_from)


def secret_key(settings: Settings) -> str:
    """The key that signs cookies and encrypts what is to be kept secret: from the settings, or from a file that only its owner can read."""
    if settings.secret_key:
        return settings.secret_key
    path = settings.data_path / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text("utf-8").strip()


def _require_database_file(settings: Settings) -> None:
    if settings.database.startswith("sqlite:///") and not Path(settings.database.removeprefix("sqlite:///")).exists():
        raise NotFound(f"There is no desk here yet ({_where(settings)}). Make one: breachdesk desk create")


def _where(settings: Settings) -> str:
    return "BREACHDESK_DATABASE_URL" if settings.database_url else settings.data_dir
