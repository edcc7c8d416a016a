"""Bank holidays → calendar snapshots. The only module that knows the `holidays` package.

A snapshot is a proposal: once a scheme has adopted it, its text and digest are kept, and a newer package changes nothing.
"""

from __future__ import annotations

import json
from datetime import date

from breachdesk.timekeeping.calendars import Calendar

# Each calendar's title, and the parts of the United Kingdom whose bank holidays it has. England stands for Wales as well: by law
# they have one list.
_CALENDARS: dict[str, tuple[str, tuple[str, ...]]] = {
    "england-and-wales": ("England and Wales", ("ENG",)),
    "scotland": ("Scotland", ("SCT",)),
    "northern-ireland": ("Northern Ireland", ("NIR",)),
    "foi-uk": ("Freedom of information (a holiday in any part of the United Kingdom)", ("ENG", "SCT", "NIR")),
}
NAMES: dict[str, str] = {name: title for name, (title, _) in _CALENDARS.items()}

# Which calendar a procedure's limit is counted in when it names a role and the scheme does not say otherwise.
ROLES: dict[str, str] = {"foi": "foi-uk"}

_DIVISIONS = {"ENG": "england-and-wales", "SCT": "scotland", "NIR": "northern-ireland"}
_PART_TITLES = {"ENG": "England, Wales", "SCT": "Scotland", "NIR": "Northern Ireland"}
# GOV.UK publishes to the end of 2028; what lies after it follows from the rules, and may yet be moved by proclamation.
_PUBLISHED_TO = date(2028, 12, 31)
# The first year with all of today's English bank holidays, and the last that the package computes.
_FIRST_YEAR, _LAST_YEAR = 1978, 2100


def snapshot(name: str, first_year: int, last_year: int) -> Calendar:
    """The calendar NAME, one of NAMES, from 1 January of the first year to 31 December of the last."""
    if name not in NAMES:
        raise ValueError(f"There is no calendar “{name}”; there are {', '.join(NAMES)}.")
    if not _FIRST_YEAR <= first_year <= last_year <= _LAST_YEAR:
        raise ValueError(f"A calendar runs from one year to the same or a later one, within {_FIRST_YEAR} to {_LAST_YEAR}; "
                         f"{first_year} to {last_year} does not.")
    last = date(last_year, 12, 31)
    return Calendar(name, NAMES[name], date(first_year, 1, 1), last, min(_PUBLISHED_TO, last), _holidays(name, first_year, last_year))


def published_days(text: str, name: str) -> dict[date, str]:
    """The holidays of the calendar NAME in the file that GOV.UK publishes (bank-holidays.json). Raises ValueError in a sentence."""
    if name not in _CALENDARS:
        raise ValueError(f"“{name}” is no list of bank holidays: its days are entered by hand.")
    try:
        file = json.loads(text)
        divisions = {part: file[_DIVISIONS[part]]["events"] for part in _CALENDARS[name][1]}
        listed = {part: {date.fromisoformat(one["date"]): str(one["title"]).strip() + _note(one) for one in events}
                  for part, events in divisions.items()}
    except json.JSONDecodeError as error:
        raise ValueError(f"This is no JSON: {error}. Copy the whole file, from the first bracket to the last.") from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ValueError(f"This is not the list that GOV.UK publishes, or half of it: {error} is missing or cannot be read.") from error
    return _together(listed)


def _note(event: dict[str, object]) -> str:
    return ", substitute day" if "substitute" in str(event.get("notes", "")).lower() else ""


def _together(listed: dict[str, dict[date, str]]) -> dict[date, str]:
    """Several parts' holidays as one list; one that is not everybody's says where it is."""
    found: dict[date, str] = {}
    where: dict[date, list[str]] = {}
    for part, days in listed.items():
        for day, title in days.items():
            found.setdefault(day, title)
            where.setdefault(day, []).append(_PART_TITLES[part])
    return {day: title if len(where[day]) == len(listed) else f"{title} ({', '.join(where[day])})" for day, title in found.items()}


def _holidays(name: str, first_year: int, last_year: int) -> dict[date, str]:
    return _together({part: _in_part(part, first_year, last_year) for part in _CALENDARS[name][1]})


def _in_part(part: str, first_year: int, last_year: int) -> dict[date, str]:
    # Loaded here because it costs every command's start-up time and few commands make calendars.
    from holidays import country_holidays

    computed = country_holidays("GB", subdiv=part, years=range(first_year, last_year + 1), language="en_GB")
    # As on GOV.UK, a holiday that falls on a weekend is listed on its substitute day only.
    return {day: title.replace(" (observed)", ", substitute day") for day, title in computed.items()
            if day.weekday() < 5 and first_year <= day.year <= last_year}
