"""`breachdesk account password|sessions|reset-second-factor`: how an operator helps somebody in, and puts somebody out."""

from __future__ import annotations

import click

from breachdesk.bootstrap import BY_OPERATOR
from breachdesk.casework.signing_in.mailed_links import PASSWORD, ask_for_link, link_to_hand_over
from breachdesk.casework.signing_in.second_factors import reset
from breachdesk.casework.signing_in.sessions import end_sessions_of, live_sign_ins
from breachdesk.cli.output import json_option, show, table, the_actor, the_desk
from breachdesk.timekeeping.said import said_moment


@click.command()
@click.argument("email")
@click.option("--show-link", is_flag=True, help="Print the link instead of mailing it, to hand it over: for a desk without mail.")
@json_option
def password(email: str, show_link: bool, as_json: bool) -> None:
    """Let somebody choose a new password, by a link that works once. Nobody else gets to know it."""
    with the_desk() as desk:
        with desk.database.read() as session:
            actor = the_actor(session, desk, email)
        if show_link:
            link = link_to_hand_over(desk, actor.account_id, PASSWORD)
            show(as_json, {"email": actor.email, "link": link},
                 [link, "It works once, for 10 minutes. Whoever has it can choose the password."])
            return
        desk.database.transact(lambda session: ask_for_link(session, desk, actor.account_id, PASSWORD))
    show(as_json, {"email": actor.email, "link": None},
         [f"A link to choose a new password goes to {actor.email} when mail is sent next: `breachdesk serve` does so every half minute."])


@click.command("reset-second-factor")
@click.argument("email")
@json_option
def reset_second_factor(email: str, as_json: bool) -> None:
    """Let somebody who has lost their device set the second step up anew. Their passkeys go, every sign-in ends; it is logged."""
    with the_desk() as desk:
        with desk.database.read() as session:
            actor = the_actor(session, desk, email)
        done = desk.database.transact(lambda session: reset(session, desk, BY_OPERATOR, actor.account_id))
    says = "has no second step any more, and is signed out. The next sign-in leads to setting it up, where it is needed."
    show(as_json, {"email": actor.email, "reset": done}, [f"{actor.email} {says if done else 'had no second step.'}"])


@click.command()
@click.argument("email")
@click.option("--end", is_flag=True, help="End all of them at once.")
@json_option
def sessions(email: str, end: bool, as_json: bool) -> None:
    """Where somebody is signed in; with --end, nowhere any more."""
    with the_desk() as desk:
        with desk.database.read() as session:
            actor = the_actor(session, desk, email)
            found = live_sign_ins(session, desk, actor.account_id)
        if end:
            desk.database.transact(lambda session: end_sessions_of(session, actor.account_id, "ended by the operator"))
    rows = [(one.device or "A browser", one.way, said_moment(one.since), said_moment(one.last_seen_at)) for one in found]
    lines = table(("On", "By", "Since", "Last used"), rows) if rows else [f"{actor.email} is signed in nowhere."]
    data = [{"device": one.device, "way": one.way, "since": one.since, "last_seen_at": one.last_seen_at, "ended": end} for one in found]
    show(as_json, data, [*lines, *(["All of these have ended."] if end and rows else [])])
