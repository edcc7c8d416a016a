"""`breachdesk audit`: is the record whole, and how does somebody else see that it is?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from breachdesk.audit.checkpoint import Checkpoint, Verifier, checkpoints_in, read_verifier
from breachdesk.audit.exported import Checked, check_export
from breachdesk.casework.log.auditing import Verified
from breachdesk.casework.log.auditing import verify as verify_log
from breachdesk.casework.log.reads_noted import reads_of
from breachdesk.casework.log.receipts import proof_of
from breachdesk.cli.audit_keys import key, postgres_role, reader, rotate, seal
from breachdesk.cli.output import bar, json_option, show, table, the_actor, the_desk
from breachdesk.cli.replaying import conformance_command, export_command, replay_command
from breachdesk.errors import BadCheckpoint
from breachdesk.timekeeping.said import said_moment

File = click.Path(exists=True, dir_okay=False, path_type=Path)
# A log shorter than this is checked before anybody could read a bar.
_WORTH_A_BAR = 100_000


@click.group()
def command() -> None:
    """Check that the record is whole, and prove it to others."""


for _one in (replay_command, conformance_command, export_command, key, rotate, seal, reader, postgres_role):
    command.add_command(_one)


@command.command()
@click.option("--checkpoint", "checkpoints", type=File, multiple=True, metavar="FILE",
              help="A checkpoint, or several in one file, that was kept outside. Needs --key.")
@click.option("--key", "public_key", metavar="KEY or FILE", help="The public key of the log, as the page /record or `audit key` shows it.")
@click.option("--export", "exported", type=File, metavar="FILE",
              help="Check this export (jsonl) instead of the database: for that no desk is needed. Needs --checkpoint and --key.")
@click.option("--processes", type=click.IntRange(1, 64), default=1, show_default=True,
              help="How many processes share the work on a long log.")
@json_option
def verify(checkpoints: tuple[Path, ...], public_key: str | None, exported: Path | None, processes: int, as_json: bool) -> None:
    """Check every entry, the tree over all of them, what was signed, and the words that are kept apart.

    Exit 1, and the first bad entry, when an entry or words were changed, moved, added or removed. Words that are gone were erased;
    they are counted and are no fault. Without a checkpoint from outside, somebody who has the desk's own key is not found out.
    """
    if bool(checkpoints) != bool(public_key):
        raise click.UsageError("--checkpoint and --key belong together: one of them is missing.")
    outside, keys = [one for path in checkpoints for one in read_checkpoints(path)], [read_key(public_key)] if public_key else []
    if exported is not None:
        if not outside:
            raise click.UsageError("--export needs --checkpoint and --key: an export alone can only agree with itself.")
        _show_export(as_json, _check_file(exported, outside, keys))
        return
    with the_desk() as desk, bar("Checking entries", _WORTH_A_BAR) as progress:
        found = verify_log(desk, outside, keys, processes=processes, progress=progress)
    show(as_json, {"whole": True, **asdict(found)}, _said(found))


def _said(found: Verified) -> Iterator[str]:
    yield f"The record is whole: {found.entries:,} entries in {found.chains:,} chains, checked in {found.seconds:.2f} seconds."
    yield f"{found.sealed:,} of them are sealed, and agree with the {found.checkpoints:,} checkpoints that this desk has signed."
    yield f"{found.details:,} texts are as they were written; {found.erased:,} have been erased."
    if found.outside:
        yield f"The log agrees with {found.outside:,} checkpoint{'s' if found.outside > 1 else ''} from outside."
    else:
        yield ("Nothing from outside was compared. Whoever runs the desk and has its key could have made all of this anew: compare with "
               "--checkpoint FILE --key KEY.")


def _show_export(as_json: bool, found: Checked) -> None:
    show(as_json, {"whole": True, **asdict(found)}, [
        f"The export of {found.origin} is whole: {found.entries:,} entries in {found.chains:,} chains, {found.sealed:,} of them sealed.",
        f"It agrees with {found.checkpoints:,} checkpoint{'s' if found.checkpoints > 1 else ''} from outside."])


def _check_file(path: Path, outside: Sequence[Checkpoint], keys: Sequence[Verifier]) -> Checked:
    try:
        with path.open(encoding="utf-8") as lines:
            return check_export(lines, outside, keys)
    except UnicodeDecodeError as error:
        raise BadCheckpoint(f"{path.name}: this is no text in UTF-8, so it is no export of a log.") from error


def read_checkpoints(path: Path) -> list[Checkpoint]:
    """The checkpoints of a file, at least one. Raises BadCheckpoint."""
    try:
        found = checkpoints_in(path.read_text("utf-8"))
    except (BadCheckpoint, UnicodeDecodeError) as error:
        raise BadCheckpoint(f"{path.name}: {error}") from error
    if not found:
        raise BadCheckpoint(f"{path.name}: there is no checkpoint in this file.")
    return found


def read_key(given: str) -> Verifier:
    """The key itself, or the file that holds it."""
    path = Path(given)
    return read_verifier(path.read_text("utf-8", "replace") if len(given) < 200 and path.is_file() else given)


@command.command()
@click.argument("reference")
@click.option("--as", "email", required=True, metavar="EMAIL", help="Who asks: somebody who coordinates the case.")
@json_option
def reads(reference: str, email: str, as_json: bool) -> None:
    """Print who has read something of a case, the latest first."""
    with the_desk() as desk, desk.database.read() as session:
        found = reads_of(session, the_actor(session, desk, email), reference)
    rows = [(said_moment(one.at), one.name, one.role, one.kind, one.times) for one in found]
    show(as_json, [asdict(one) for one in found], table(("until", "who", "as", "what", "times"), rows) if rows else ["Nobody yet."])


@command.command()
@click.argument("reference")
@click.argument("entry", type=click.IntRange(1))
@json_option
def prove(reference: str, entry: int, as_json: bool) -> None:
    """Print an entry of a case and the receipt that shows its place in the log. REFERENCE “desk” is the desk's own log.

    The entry holds no words that somebody wrote and no names. With it, anybody sees what the receipt is a receipt for.
    """
    with the_desk() as desk, desk.database.read() as session:
        found = proof_of(session, reference, entry)
    show(as_json, {"reference": found.reference, "entry": found.seq, "prev_hash": found.prev_hash, "body": found.body,
                   "receipt": found.receipt.text}, [
        f"Entry {found.seq} of {found.reference} follows the entry with the hash", found.prev_hash, "and says:", found.body, "",
        "Its receipt (the hash of a zero byte, the hash above and the text is the line “extra”):", "", found.receipt.text.rstrip()])
