"""`breachdesk backup`: the whole desk in one file, while it is served."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from breachdesk.bootstrap import BY_OPERATOR
from breachdesk.casework.backups.backing_up import BackedUp, back_up
from breachdesk.cli.output import bar, json_option, show, the_desk
from breachdesk.errors import BadSettings
from breachdesk.settings import SHORTEST_KEY, read_settings

WORTH_A_BAR = 50_000
key_file = click.option("--key-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
                        help="A file that holds the key of the backup, instead of BREACHDESK_BACKUP_KEY.")


def key_of(path: Path | None) -> str:
    """The key of backups: from a file, or from the settings ("": none). Raises BadSettings for one that is easy to guess."""
    if path is None:
        return read_settings().backup_key
    key = path.read_text("utf-8", "replace").strip()
    if len(key) < SHORTEST_KEY:
        raise BadSettings(f"{path.name}: a key must have at least {SHORTEST_KEY} characters. Make one: openssl rand -base64 33")
    return key


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@key_file
@click.option("--with-keys", is_flag=True, help="Put the desk's own keys into it, too. Only where it is enciphered.")
@click.option("--force", is_flag=True, help="Put it in the place of a FILE that is there.")
@json_option
def command(file: Path, key_file: Path | None, with_keys: bool, force: bool, as_json: bool) -> None:
    """Write everything that the desk holds to FILE, as of one moment, while it is served.

    In it: every table, the files of cases, what was signed of the log, what was erased. Not in it: who is signed in, links on their way,
    copies of mail, and, without --with-keys, the keys (log-key, secret_key): copy those apart.
    """
    key = key_of(key_file)
    with the_desk() as desk, bar("Backing up", WORTH_A_BAR) as progress:
        done = back_up(desk, BY_OPERATOR, file, key, with_keys=with_keys, force=force, progress=progress)
    show(as_json, asdict(done), _said(done))


def _said(done: BackedUp) -> list[str]:
    said = [f"The backup is made: {done.path}, {done.size / 1_000_000:,.1f} MB, {done.rows:,} rows, {done.entries:,} entries of the "
            f"log and {done.files:,} file{'' if done.files == 1 else 's'} as of {done.made_at[:19].replace('T', ' ')} UTC."]
    if not done.enciphered:
        said.append("It is NOT enciphered: whoever has the file reads everything. To encipher the next one, set BREACHDESK_BACKUP_KEY.")
    if done.with_keys:
        said.append("The desk's keys are in it.")
    else:
        said.append("The desk's keys are not in it: copy log-key and secret_key from the data folder once, and keep them apart from it.")
    return [*said, "To see whether it can be read: breachdesk restore FILE --check"]
