"""Every name that one part of a procedure takes from another is looked for where it stands in the file."""

from __future__ import annotations

import yaml

from breachdesk.workflow.definition import Procedure
from breachdesk.workflow.names_used import uses


def test_every_name_stands_in_the_file_under_the_word_that_is_said_to_hold_it(procedure: Procedure, procedure_text: str) -> None:
    # Otherwise a fault would be told at the head of the entry, and not at the very word.
    file = yaml.load(procedure_text, Loader=yaml.BaseLoader)
    named = [use for use in uses(procedure) if use.name]

    astray = [(use.entry, use.word, use.name) for use in named if use.name not in str(file[use.part][use.entry].get(use.word))]

    assert len({(use.part, use.word) for use in named}) >= 43, "each word that can hold a name"
    assert astray == []
    assert [use for use in named if use.name not in use.known] == []
