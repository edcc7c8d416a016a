"""`breachdesk …` and `python -m breachdesk …`: hands over to the table of commands."""

from __future__ import annotations

from breachdesk.cli.commands import breachdesk


def main() -> None:
    """Run the command that was typed."""
    breachdesk(prog_name="breachdesk")


if __name__ == "__main__":
    main()
