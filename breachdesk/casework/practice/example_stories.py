"""What the invented disputes of a practice desk are about, and the roads that they take. Data only; `example_cases` plays it.

On a road each step is (working days after the complaint, who, action, answers). `who` is a side, or a role in the case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Answers = Mapping[str, object]
RoadStep = tuple[int, str, str, Answers]


@dataclass(frozen=True, slots=True)
class Matter:
    """A dispute that could have happened: between whom, about which commitments, in the words of the one who complains.

    `identity`: who may see the name; `on_paper`: the complaint came by letter, and nobody there has an account.
    """

    complainant: str
    respondent: str
    commitments: tuple[str, ...]
    title: str
    what_happened: str
    sought: str
    required: str = ""
    happened: str = ""
    identity: str = ""
    on_paper: bool = False


MATTERS = (
    Matter("riverside-carers", "amberdale-council", ("13.2",), "One month's notice for the carers' helpline",
           "On the day of the letter we learned that the grant for our helpline ends in one month. No reason was given. Two people "
           "lose their posts and 140 carers their number to ring.",
           "Three months' notice from the day of the letter, and the reasons in writing.", "three months' notice in writing", "one month"),
    Matter("greenway-youth-trust", "harcastle-borough-council", ("3.6", "3.2"), "Three weeks to answer on the youth strategy",
           "The consultation on the youth strategy was open for three weeks in August. Our young people were away.",
           "A second round of at least nine weeks.", "twelve weeks, or an explanation", "three weeks"),
    Matter("mossley-food-share", "fernhollow-health-partnership", ("9.2",), "Grant decided two weeks before the start",
           "We were told a fortnight before April that our grant goes on. By then our coordinator had taken another post.",
           "Decisions by Christmas from now on, or an explanation when that cannot be.", "three months before the start", "two weeks"),
    Matter("tansy-lane-playgroup", "amberdale-council", ("11.2",), "A grant paid eleven weeks late",
           "The second part of our grant was due in May and came in August. We paid wages from the trustees' own pockets.",
           "Payment on the agreed day, and an apology."),
    Matter("hillfoot-community-network", "coldwater-constabulary", ("12.3", "12.1"), "Monthly returns for a grant of £900",
           "For a grant of £900 we are asked for eleven pages every month. Nobody can tell us what they are used for.",
           "One short report at the end of the year."),
    Matter("amberdale-council", "mossley-food-share", ("12.9",), "Not told that the manager had left",
           "We learned from the newspaper that the project's manager had left four months earlier.",
           "To be told of such changes within a month."),
    Matter("tansy-lane-playgroup", "larkmoor-voluntary-action", ("15.3",), "A sub-contract without Compact terms",
           "Our sub-contract can be ended from one day to the next, although the main contract gives three months.",
           "The same notice that the main contract gives."),
    Matter("greenway-youth-trust", "fernhollow-health-partnership", ("9.3",), "No feedback on our bid",
           "We asked twice why our bid was not successful and were sent the scoring sheet without a word.",
           "An hour's conversation about what to do better."),
    Matter("riverside-carers", "harcastle-borough-council", ("18.4",), "Support for deaf carers withdrawn",
           "The grant for our signed sessions was withdrawn. Nobody looked at what it means for the people who came.",
           "A look at the effect, with the people concerned, before the money goes."),
    Matter("larkmoor-voluntary-action", "amberdale-council", ("3.5",), "No word on what became of 60 answers",
           "Sixty organisations answered the consultation on grants. The policy came out unchanged, without a word on any of them.",
           "A note that says what was heard and why it was not followed."),
    Matter("mossley-food-share", "coldwater-constabulary", ("8.1",), "Overheads struck out",
           "All management costs were struck out of our bid, although the same costs of a company were paid.",
           "Full cost recovery, as for everybody else."),
    Matter("tansy-lane-playgroup", "harcastle-borough-council", ("13.1", "13.3"), "The end of the room grant, without being heard",
           "The decision to end the room grant was taken before anybody asked what it would do to the playgroup.",
           "To be heard before it is final."),
)

# Somebody who does not wish to be named, and somebody without a computer.
UNNAMED = Matter(
    "hillfoot-community-network", "amberdale-council", ("11.2",), "A grant that came weeks late, again",
    "The second part of a grant came weeks after the agreed day, for the third year. We have said so twice and heard nothing. We do not "
    "wish to be the ones who complain.", "Payment on the agreed day, for everybody.", identity="shielded")
ON_PAPER = Matter(
    "mossbank-lunch-club", "harcastle-borough-council", ("13.2",), "The end of the kitchen grant",
    "The letter came on a Friday. From the first of the month there is no money for the kitchen.", "Three months, so that we can look "
    "for another kitchen.", "three months", "two weeks", on_paper=True)

_LETTER: Answers = {"person": "The head of partnerships", "contacted_on": "today", "how": "letter"}
_BEGIN: tuple[RoadStep, ...] = (
    (1, "coordinator", "acknowledge", {"understanding": "The complaint is about the way in which it was done, not about the decision."}),
    (2, "complainant", "record_direct_contact", _LETTER),
    (4, "respondent", "acknowledge_notice", {"who_answers": "The partnerships officer"}),
)
_ANSWERED: tuple[RoadStep, ...] = (
    *_BEGIN, (10, "respondent", "respond", {
        "answer": "We see how this came across. It had to be decided quickly, and we believe that we told people as soon as we could.",
        "position": "partly", "offer": "A meeting within a month."}),)
_TO_FRIEND: tuple[RoadStep, ...] = (
    *_ANSWERED,
    (13, "complainant", "refer_to_critical_friend", {"remaining": "The answer does not say what will be different next time."}),
    (15, "coordinator", "admit", {"reasons": "It names commitments that were in force, owed by the organisation complained about."}),
    (17, "coordinator", "appoint_critical_friend", {"critical_friend": "friend", "mode": "mediator", "declared": True}),
    (21, "critical_friend", "record_meeting", {"met_on": "today", "with": "both"}),
)
_TO_PANEL: tuple[RoadStep, ...] = (
    *_TO_FRIEND,
    (28, "critical_friend", "end_critical_friend_stage", {"result": "no_agreement"}),
    (30, "complainant", "refer_to_panel", {"remaining": "Whether three months' notice can be given from now on."}),
    (33, "coordinator", "convene", {"members": "panel", "chair": "chair", "declared": True}),
    (35, "coordinator", "open_panel", {}),
    (42, "panel_member", "send_draft", {
        "draft": "Both sides agree on what happened. The panel suggests a rule for next time and a meeting now."}),
    (44, "complainant", "comment", {"comment": "We can live with this if the rule is written down."}),
    (45, "respondent", "comment", {"comment": "We would like six weeks to write the rule."}),
    (48, "panel_member", "propose", {
        "statement": "The organisations worked well together for years. The notice was shorter than either of them would wish.",
        "proposal": "Within six weeks the funder writes down how it gives notice, and both meet once a year to look at it."}),
)
_FAIR: Answers = {"process_view": "satisfied"}
_SETTLED: Answers = {"agreed": "What was asked for is done within two months, and both meet again in the spring.",
                     "outcome_view": "satisfied", "process_view": "satisfied"}
_REVIEWED: RoadStep = (70, "steering_group", "record_review", {
    "observations": "Handled in time, but the first answer came late.", "learning": "Funders need a calendar for notices.",
    "recommendations": "Every partner publishes by when it decides about next year's money."})

_CARRIED_OUT: tuple[RoadStep, ...] = (*_TO_FRIEND, (27, "critical_friend", "record_resolution", {
    "agreed": "The funder writes down how it gives notice, and sends it to all whom it funds.", "complainant_view": "satisfied",
    "respondent_view": "satisfied", "remedy": "A written rule on notice, sent to all whom it funds", "remedy_kind": "change",
    "remedy_owner": "the respondent"}))
_DECLINED: tuple[RoadStep, ...] = (
    *_TO_PANEL, (51, "complainant", "accept", _FAIR),
    (54, "respondent", "decline", {"reasons": "We cannot promise that much notice for every grant."}))
_LOOKED_AT: tuple[RoadStep, ...] = (*_DECLINED, (56, "complainant", "ask_for_review", {
    "ground": "delay", "reasons": "The draft came late, and we had two days over a holiday to comment."}))
_REFUSED: tuple[RoadStep, ...] = (
    *_ANSWERED, (12, "complainant", "refer_to_critical_friend", {"remaining": "All of it."}),
    (15, "coordinator", "refuse", {"reason_code": "substance", "reasons": (
        "It is about the decision itself. The way in which it was made kept to the Compact. The council's own complaints "
        "procedure is open to you.")}))

_BY_LETTER: Answers = {"behalf": "side", "behalf_said_by": "Mrs Dale, who keeps the books", "behalf_channel": "post",
                       "behalf_came_on": "today", "behalf_read_back": "yes", "behalf_read_back_to": "Mrs Dale"}

ROADS: Mapping[str, tuple[RoadStep, ...]] = {
    "on paper": (_BEGIN[0], (2, "coordinator", "record_direct_contact", {**_LETTER, **_BY_LETTER}),
                 (4, "respondent", "respond", {"answer": "We can give you until the end of the quarter.", "position": "partly"})),
    "settled between the two": (*_ANSWERED, (14, "complainant", "say_resolved", _SETTLED), (16, "respondent", "say_resolved", _SETTLED)),
    "settled with a critical friend": (*_TO_FRIEND, (27, "critical_friend", "record_resolution", {
        "agreed": "The notice is extended to three months; the reasons are put in writing.",
        "complainant_view": "satisfied", "respondent_view": "partly"})),
    "settled by the panel": (*_TO_PANEL, (51, "complainant", "accept", _FAIR), (53, "respondent", "accept", _FAIR), _REVIEWED),
    "declined": (*_DECLINED, _REVIEWED),
    "declined, and looked at again": (*_LOOKED_AT, (63, "steering_group", "end_review", {
        "result": "faulty", "reasons": "The time to comment was too short. Both sides could still say all they wished to say.",
        "learning": "Drafts are not sent out before a holiday."})),
    "carried out": (*_CARRIED_OUT,
                    (60, "respondent", "report_remedy", {"which": "1", "evidence": "The rule went out with the June letter."}),
                    (64, "complainant", "confirm_remedy", {"which": "1"}),
                    (65, "complainant", "say_how_it_was", {"outcome_view": "satisfied", "process_view": "satisfied"}),
                    (66, "respondent", "say_how_it_was", {"outcome_view": "partly", "process_view": "satisfied"})),
    "without direct contact": ((2, "coordinator", "grant_bypass", {"bypass_reason": "detriment", "reasons": "They fund most of its work."}),
                               *((day - 11, who, action, answers) for day, who, action, answers in _CARRIED_OUT if day > 13)),
    "suspended for a while": (*_BEGIN, (6, "coordinator", "suspend", {
        "because": "internal", "both_agree": True, "reasons": "The council's own procedure answers within two weeks."}),
        (16, "coordinator", "end_suspension", {}),
        (18, "respondent", "respond", {"answer": "Our own procedure has found that you were right.", "position": "accepted"}),
        (20, "complainant", "say_resolved", _SETTLED), (21, "respondent", "say_resolved", _SETTLED)),
    "refused, challenged, taken up again": (
        *_REFUSED, (18, "complainant", "challenge_refusal", {"reasons": "It is about the way in which it was decided: without a word."}),
        (19, "coordinator", "pass_to_stand_in", {"stand_in": "stand-in", "reason": "The one who refused cannot decide."}),
        (22, "stand_in", "uphold_challenge", {"reasons": "The complaint names the way in which it was made."}),
        (24, "stand_in", "admit", {"reasons": "It names a commitment that was in force."}),
        (26, "stand_in", "appoint_critical_friend", {"critical_friend": "friend", "mode": "mediator", "declared": True}),
        (34, "critical_friend", "record_resolution", {"agreed": "An explanation in writing, and a meeting.",
                                                       "complainant_view": "satisfied", "respondent_view": "satisfied"})),
    "no answer, then settled": (*_BEGIN[:2], (25, "coordinator", "admit", {"reasons": "It names a commitment that was in force."}),
                                (27, "coordinator", "appoint_critical_friend", {"critical_friend": "friend", "mode": "mediator",
                                                                              "declared": True}),
                                (36, "critical_friend", "record_resolution", {"agreed": "The late payment is made good at once.",
                                                                              "complainant_view": "satisfied",
                                                                              "respondent_view": "satisfied"})),
    "stopped": (*_BEGIN, (8, "complainant", "withdraw", {"reason_code": "capacity"})),
    "stopped in fear": (*_BEGIN, (9, "complainant", "withdraw", {"reason_code": "fear", "reason": "They fund most of what we do."})),
    "refused": _REFUSED,
    "never completed": ((2, "coordinator", "ask_for_information", {"missing": "The letter, and the day on which it came."}),),
    "more was asked for": ((2, "coordinator", "ask_for_information", {"missing": "The letter, and the day on which it came."}),
                           (5, "complainant", "supply_information", {"information": "The letter is dated the third."}),
                           (6, "coordinator", "acknowledge", {"understanding": "It is about the length of the notice."}),
                           (7, "complainant", "record_direct_contact", _LETTER),
                           (12, "coordinator", "give_more_time", {"which": "respond", "days": 5, "reason": "The officer is on leave."}),
                           (24, "respondent", "respond", {"answer": "We are sorry, and have changed the date.", "position": "accepted"}),
                           (26, "complainant", "say_resolved", _SETTLED), (27, "respondent", "say_resolved", _SETTLED)),
    "left to the clock": (),
}
# What is said in the rooms of the cases that stand at each status, after which step: who says it, in whose room, in which words.
SAID_AFTER: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "respond": (("respondent", "shared", "The head of partnerships is away next week. Questions reach the partnerships officer."),),
    "appoint_critical_friend": (
        ("complainant", "complainant", "Between us: we would take a shorter notice if we had it in writing a year ahead. Please do not "
                                       "say so yet."),
        ("critical_friend", "complainant", "Thank you. I keep that to myself, and ask first what the other side could promise."),
        ("respondent", "respondent", "We want to go on working with them. The difficulty is our own budget day in February.")),
    "record_meeting": (("critical_friend", "notes", "Both speak well of each other. The budget day may be the way out."),),
    "open_panel": (("panel_member", "panel", "I suggest that we hear both sides on the same day, each for half an hour."),)}
# A file that the complainant adds to the complaint, once the other side knows of it.
LETTER = ("letter-of-decision.txt", """Dear colleagues,

we have decided about your grant as we told you on the telephone. The reasons follow.

This letter is invented, like everything on this desk.
""")
# How far along the road “settled by the panel” a case stands at each status; the rest of the statuses are shown by other roads.
STANDING: Mapping[str, tuple[str, int]] = {
    "received": ("settled by the panel", 1), "awaiting_information": ("never completed", 1), "direct_open": ("settled by the panel", 3),
    "awaiting_referral_cf": ("settled by the panel", 4), "screening": ("settled by the panel", 5),
    "cf_appointing": ("settled by the panel", 6), "cf_open": ("settled by the panel", 8),
    "awaiting_referral_panel": ("settled by the panel", 9), "panel_convening": ("settled by the panel", 11),
    "panel_open": ("settled by the panel", 12), "panel_draft": ("settled by the panel", 14),
    "awaiting_party_response": ("settled by the panel", 16), "follow_up": ("carried out", 9), "completed": ("carried out", 12),
    "under_process_review": ("declined, and looked at again", 19)}
HISTORY = ("settled between the two", "settled with a critical friend", "no answer, then settled", "settled by the panel",
           "settled between the two", "refused", "stopped", "more was asked for", "declined", "never completed",
           "settled between the two", "settled with a critical friend", "stopped in fear", "left to the clock", "carried out",
           "declined, and looked at again", "without direct contact", "suspended for a while", "refused, challenged, taken up again")
