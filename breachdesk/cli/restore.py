"""`breachdesk restore`: a desk from a backup, after comparing it with what is known outside."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from breachdesk.audit.checkpoint import Checkpoint, require_signed
from breachdesk.bootstrap import Restored, look_at_backup, restore_desk
from breachdesk.casework.backups.restoring import Looked
from breachdesk.cli.audit import read_checkpoints, read_key
from breachdesk.cli.backup import WORTH_A_BAR, key_file, key_of
from breachdesk.cli.output import bar, json_option, show
from breachdesk.settings import read_settings

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=_FILE)
@key_file
@click.option("--checkpoint", "checkpoint", type=_FILE, metavar="FILE", help="The newest checkpoint that somebody has. Needs --key.")
@click.option("--key", "public_key", metavar="KEY or FILE", help="The public key of the log, as whoever keeps checkpoints has it.")
@click.option("--erasures", type=_FILE, multiple=True, metavar="FILE",
              help="A copy of erasures.txt that lay elsewhere. The one in the data folder is read anyhow.")
@click.option("--accept-loss", is_flag=True, help="Restore it although it is older than what is known outside. The log will say so.")
@click.option("--check", is_flag=True, help="Only say whether the backup is whole, and what would be lost.")
@json_option
def command(file: Path, key_file: Path | None, checkpoint: Path | None, public_key: str | None, erasures: tuple[Path, ...],
            accept_loss: bool, check: bool, as_json: bool) -> None:
    """Make a desk from the backup FILE, where BREACHDESK_DATA_DIR or BREACHDESK_DATABASE_URL says; nothing may be there yet.

    checkpoints.txt, erasures.txt and the keys of the desk as it was stay in the data folder, or are put there before: they say what was
    signed and erased since the backup was made. Messages are held back until `breachdesk messages release`.
    """
    if bool(checkpoint) != bool(public_key):
        raise click.UsageError("--checkpoint and --key belong together: one of them is missing.")
    settings, key = read_settings(), key_of(key_file)
    outside = _outside(checkpoint, public_key)
    if check:
        looked = look_at_backup(settings, file, key, outside)
        show(as_json, _data(looked), [*looked.compared.says, *([] if looked.compared.lost != 0 else ["Nothing would be lost."]),
                                      "The backup is whole: every part of it is what was put into it."])
        return
    with bar("Restoring", WORTH_A_BAR) as progress:
        done = restore_desk(settings, file, key, outside, erasures=erasures, accept_loss=accept_loss, progress=progress)
    show(as_json, {**_data(done.looked), **asdict(done.owned_up), "entries": done.entries, "second_steps_lost": done.second_steps_lost},
         _said(done))


def _outside(path: Path | None, public_key: str | None) -> list[tuple[Checkpoint, Path]]:
    found = read_checkpoints(path) if path else []
    for one in found if public_key else ():
        require_signed(one, [read_key(public_key or "")])
    return [(found[-1], path)] if path else []


def _data(looked: Looked) -> dict[str, object]:
    return {"whole": True, "made_at": looked.listed.about.made_at, "sealed": looked.compared.entries, "known": looked.compared.known,
            "lost": looked.compared.lost, "says": looked.compared.says}


def _said(done: Restored) -> list[str]:
    said = [*done.looked.compared.says, f"The desk is restored, and its record is whole: {done.entries:,} entries.",
            "From now on its log goes on under another name. Tell those who keep the old public key the new one:", done.owned_up.key]
    if done.owned_up.erased_again:
        said.append(f"{done.owned_up.erased_again:,} erasures that were made since the backup were made again.")
    if done.second_steps_lost:
        said.append("The old secret_key was not there, so a new one was made: set up second steps anew (breachdesk account "
                    "reset-second-factor EMAIL).")
    return [*said, "Everybody signs in anew. Accounts, roles and passwords are as they were then: look for those that were ended since "
            "(breachdesk account list).",
            f"Messages are held back; {done.owned_up.messages:,} wait. See them: breachdesk messages held. Let them go: "
            "breachdesk messages release"]
