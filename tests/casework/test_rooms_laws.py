"""Laws of rooms: whatever is said, released and opened in whatever order, everybody reads what a small model says, and nobody more."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace

import pytest
from casework.test_rooms import heard, party, replaced, to_the_panel
from conftest import declare_none, lodge
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store.test_visibility import TO_THE_PANEL, take

from breachdesk.casework.files import Incoming, folder_of, forget_strays
from breachdesk.casework.log.auditing import verify
from breachdesk.casework.rooms import open_room, release, say_in_room
from breachdesk.errors import BreachdeskError, Invalid, Refused

SIDES = {"ruth": "complainant", "omar": "respondent"}
PEOPLE = ("ruth", "omar", "maya", "nadia", "petra", "olive", "sid", "stella")
ROOMS = ("shared", "complainant", "respondent", "panel", "notes")


@dataclass
class Model:
    """Who reads what, in a few lines: each message with its room, who said it, and who reads it because it was let out."""

    friends: dict[str, int] = field(default_factory=lambda: {"maya": 0})
    panel: bool = False
    said: list[tuple[str, str, str]] = field(default_factory=list)
    released: set[tuple[int, str]] = field(default_factory=set)
    opened: set[tuple[str, str]] = field(default_factory=set)

    def reads(self, name: str, number: int) -> bool:
        room, author, _ = self.said[number]
        if room == "shared":
            return name in ("ruth", "omar", "olive") or name in self.friends or (self.panel and name in ("petra", "sid"))
        if room == "panel":
            return self.panel and name == "petra"
        if room == "notes":
            return name == author and name in self.friends
        return SIDES.get(name) == room or (name in self.friends and (number >= self.friends[name] or (name, room) in self.opened))

    def speaks(self, name: str, room: str) -> bool:
        if room in SIDES.values():
            return SIDES.get(name) == room or name in self.friends
        if room == "shared":
            return name in ("ruth", "omar", "olive") or name in self.friends or (self.panel and name == "petra")
        return name in self.friends if room == "notes" else self.panel and name == "petra"

    def releases(self, name: str, number: int, to: str) -> bool:
        room, author, _ = self.said[number]
        if (number, to) in self.released or not self.reads(name, number) or to == room or (to == "panel" and not self.panel):
            return False
        return (SIDES.get(name) == room and SIDES.get(author) == room) or (room == "panel" and name == author and to == "shared")

    def expected(self, name: str) -> Counter[str]:
        return Counter(words for number, (_, _, words) in enumerate(self.said) if self.reads(name, number))


# What can be right at some time, and anything at all.
TALK = [(name, room) for name, rooms in {"ruth": ("shared", "complainant"), "omar": ("shared", "respondent"), "petra": ("panel",),
                                         "maya": ROOMS[:3] + ROOMS[4:], "nadia": ROOMS[:3] + ROOMS[4:]}.items() for room in rooms]
DOINGS = st.lists(st.one_of(
    st.sampled_from(TALK).map(lambda each: ("say", *each)), st.tuples(st.just("say"), st.sampled_from(PEOPLE), st.sampled_from(ROOMS)),
    st.tuples(st.just("release"), st.sampled_from(PEOPLE), st.tuples(st.integers(0, 9), st.sampled_from(["shared", "panel"]))),
    st.tuples(st.just("open"), st.sampled_from(["ruth", "omar", "nadia", "olive"]), st.sampled_from(["complainant", "respondent"]))),
    min_size=4, max_size=14)


@given(before=DOINGS, swapped=st.booleans(), then=DOINGS, after=DOINGS)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_everybody_reads_what_the_model_says(desk, cast, nadia, before, swapped, then, after):
    reference, model, numbers = lodge(desk, cast.ruth), Model(), []
    take(desk, cast, reference, TO_THE_PANEL[:5])

    def play(doings):
        for doing in doings:
            done(desk, cast, reference, model, numbers, doing)

    play(before)
    if swapped:
        replaced(desk, cast, reference)
        model.friends = {"nadia": len(model.said)}
    play(then)
    take(desk, cast, reference, [(next(iter(model.friends)), *TO_THE_PANEL[5][1:]), *TO_THE_PANEL[6:]])
    declare_none(desk, cast.sid, reference)
    model.panel = True
    play(after)

    for name in PEOPLE:
        found = Counter(words for said in heard(desk, getattr(cast, name), reference).values() for words in said)
        assert found == model.expected(name), name


def done(desk, cast, reference, model, numbers, doing):
    """Do it, and hold whether it could be done against the model."""
    what, name, how = doing
    actor = getattr(cast, name)
    try:
        if what == "say":
            could = model.speaks(name, how)
            words = f"message {len(model.said)}"
            numbers_now = say_in_room(desk, actor, reference, slug(desk, reference, how), words).seq
            model.said.append((how, name, words))
            numbers.append(numbers_now)
        elif what == "release" and model.said:
            number, to = how[0] % len(model.said), how[1]
            could = model.releases(name, number, to)
            numbers.append(release(desk, actor, reference, slug(desk, reference, model.said[number][0]), numbers[number], to).seq)
            model.released.add((number, to))
            model.said.append((to, name, model.said[number][2]))
        elif what == "open":
            earlier = any(room == how for room, _, _ in model.said[:model.friends.get("nadia", 0)])
            could = SIDES.get(name) == how and earlier and ("nadia", how) not in model.opened
            open_room(desk, actor, reference, slug(desk, reference, how), cast.nadia.account_id)
            model.opened.add(("nadia", how))
        else:
            return
        happened = True
    except BreachdeskError:
        happened = False
    assert happened == could, doing


def slug(desk, reference, room):
    return f"party-{party(desk, reference, room)}" if room in SIDES.values() else room


@pytest.fixture
def reference(request, cast):
    used = request.getfixturevalue("either_desk" if "either_desk" in request.fixturenames else "desk")
    found = lodge(used, cast.ruth)
    take(used, cast, found, TO_THE_PANEL[:5])
    return found


def test_what_is_said_at_the_same_moment_is_all_kept_in_one_chain(either_desk, cast, reference):
    actors = [cast.ruth, cast.omar, cast.maya, cast.olive] * 3

    with ThreadPoolExecutor(6) as pool:
        said = list(pool.map(lambda each: say_in_room(either_desk, each[1], reference, "shared", f"message {each[0]}"), enumerate(actors)))

    assert len({one.seq for one in said}) == len(actors)
    assert sorted(heard(either_desk, cast.ruth, reference)["shared"]) == sorted(f"message {n}" for n in range(len(actors)))
    verify(either_desk)


def test_of_two_who_release_the_same_at_once_one_is_told_that_it_was_done(either_desk, cast, reference):
    room = slug(either_desk, reference, "respondent")
    said = say_in_room(either_desk, cast.omar, reference, room, "Once.")

    def let_out(actor):
        with suppress(Refused):
            return release(either_desk, actor, reference, room, said.seq, "shared")

    with ThreadPoolExecutor(2) as pool:
        done_by = list(pool.map(let_out, [cast.omar, cast.paula]))

    assert sorted(one is None for one in done_by) == [False, True]
    assert heard(either_desk, cast.ruth, reference)["shared"] == ["Once."]


def test_a_message_and_a_step_at_the_same_moment_are_both_kept(either_desk, cast, reference):
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(to_the_panel, either_desk, cast, reference),
                *(pool.submit(say_in_room, either_desk, cast.ruth, reference, "shared", f"{n}") for n in range(8))]
        for one in both:
            one.result()

    assert sorted(heard(either_desk, cast.pia, reference)["shared"]) == [f"{n}" for n in range(8)]
    verify(either_desk)


def test_a_file_that_nothing_comes_of_is_not_left_behind(desk, cast, reference):
    two = replace(desk, files=replace(desk.files, each_side=2))
    letter = Incoming("letter.txt", b"Words.")
    for _ in range(2):
        say_in_room(two, cast.ruth, reference, "shared", "", file=letter)

    with pytest.raises(Invalid, match="as many as it can"):
        say_in_room(two, cast.ruth, reference, "shared", "", file=letter)
    with pytest.raises(Refused):
        say_in_room(two, cast.ruth, reference, "shared", "", file=letter, belongs_to=999)
    with pytest.raises(Invalid):
        say_in_room(two, cast.maya, reference, "notes", "", file=letter)
    say_in_room(two, cast.omar, reference, "shared", "", file=letter, key="one-form")
    say_in_room(two, cast.omar, reference, "shared", "", file=letter, key="one-form")

    assert len(list(folder_of(two).iterdir())) == 3


def test_a_stray_file_is_taken_away_and_no_other(desk, cast, reference, clock):
    said = say_in_room(desk, cast.ruth, reference, "shared", "", file=Incoming("letter.txt", b"Words."))
    (folder_of(desk) / "left-half-way").write_bytes(b"%PDF-")
    assert said.new
    assert forget_strays(desk) == 0
    clock.move(days=365 * 30)

    assert forget_strays(desk) == 1
    assert len(list(folder_of(desk).iterdir())) == 1
