"""How the desk runs, in figures for a program that watches it (Prometheus). Off unless a token is set; it names no case."""

from __future__ import annotations

import hmac

from flask import Blueprint, Response, current_app, request

from breachdesk.casework.health import Health, health_of
from breachdesk.errors import NotFound
from breachdesk.gate.current import reading, the_desk
from breachdesk.gate.needs import needs
from breachdesk.permissions import Permission

pages = Blueprint("metrics", __name__)
_Lines = list[tuple[dict[str, str], float]]


@pages.get("/metrics")
@needs(Permission.READ_METRICS)
def page() -> Response:
    """The figures, for whoever sends the token; for everybody else there is nothing here."""
    token = str(current_app.config["METRICS_TOKEN"])
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        raise NotFound
    with reading() as session:
        health = health_of(session, the_desk())
        seconds = {one.name: (the_desk().wall() - one.seen_at).total_seconds() for one in health.processes}
    return Response(_told(health, seconds), content_type="text/plain; version=0.0.4; charset=utf-8")


def _told(health: Health, silent_for: dict[str, float]) -> bytes:
    """The figures as Prometheus reads them."""
    # An extra: it is there where metrics are switched on, and `create_app` has looked.
    from prometheus_client import CollectorRegistry, Gauge, generate_latest

    registry = CollectorRegistry()
    for name, (says, lines) in _figures(health, silent_for).items():
        labels = sorted({label for found, _ in lines for label in found})
        gauge = Gauge(f"breachdesk_{name}", says, labels, registry=registry)
        for found, value in lines:
            (gauge.labels(**found) if found else gauge).set(value)
    return generate_latest(registry)


def _figures(health: Health, silent_for: dict[str, float]) -> dict[str, tuple[str, _Lines]]:
    timers, checked = health.timers, health.checked
    return {
        "timers": ("Timers by how they stand", [
            ({"state": "waiting"}, timers.waiting), ({"state": "due"}, timers.due), ({"state": "failing"}, timers.failing),
            ({"state": "parked"}, timers.parked)]),
        "clock_behind_seconds": ("How long the oldest due timer has waited", [({}, health.behind.total_seconds())]),
        "messages": ("Messages of open cases by how they stand", [
            ({"state": "waiting"}, health.messages_waiting), ({"state": "in_trouble"}, health.messages_in_trouble)]),
        "cases": ("Cases by state", [({"state": "open"}, health.open_cases), ({"state": "closed"}, health.cases - health.open_cases)]),
        "process_silent_seconds": ("How long ago a process looked for what is due", [
            ({"process": name}, seconds) for name, seconds in silent_for.items()]),
        "job_done_timestamp_seconds": ("When a job was last done", [
            ({"job": one.name}, one.done_at.timestamp()) for one in health.jobs if one.done_at]),
        "faulty_cases": ("Cases with something wrong, by the last daily check", [({}, checked.faulty)] if checked else []),
        "alarms": ("What somebody has to do something about", [({"about": one.about}, 1) for one in health.alarms]),
    }
