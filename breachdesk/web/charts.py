"""Counts → an SVG to stand inside a page, beside the table with the same numbers. A page never waits for long and never fails for it.

The drawing library takes much memory and hangs when it was used before a fork, so it lives in a helper process of its own:
begun with the first chart, replaced when it breaks, gone when this process is.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache
from html import escape
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from textwrap import wrap
from typing import Any

from breachdesk.workflow.drawing.svg import FONT, INK

ACCENT = "#2b5f75"
SECONDS = 10
_LABEL_WIDTH = 24       # In letters: two lines of it hold the longest outcome, and leave the bars more than half of a column.
_LINE = 18
_WIDE_LETTER = 9
_log = logging.getLogger(__name__)
_lock = threading.Lock()
_pool: ProcessPoolExecutor | None = None


def chart_svg(spec: dict[str, Any]) -> str:
    """Draw a Vega-Lite chart as inline SVG without script and style. Empty when that fails: then the page has its table.

    The spec's `description` becomes the picture's label. The same spec is drawn once and remembered.
    """
    try:
        return _remembered(json.dumps(spec, sort_keys=True))
    except (BrokenProcessPool, TookTooLong, OSError, ValueError) as fault:
        _log.warning("A chart could not be drawn: %s: %s", type(fault).__name__, fault)
        return ""


def bar_chart(title: str, rows: Sequence[tuple[str, int | float | None]]) -> dict[str, Any]:
    """The spec of a plain chart: one bar for each (label, count), in that order, the number beside it; None is “not shown”.

    The title is not drawn, because the page has it as the heading of the table; the picture's label begins with it.
    """
    values = [{"at": at, "count": count or 0, "shown": _shown(count), "says": f"{label}: {_shown(count)}"}
              for at, (label, count) in enumerate(rows)]
    lines = [wrap(label, _LABEL_WIDTH) or [""] for label, _ in rows]
    text = {"font": FONT, "fontSize": 16, "color": INK}
    return {
        "description": f"{title}. Bar chart. " + "; ".join(str(value["says"]) for value in values),
        "width": 280,
        "height": {"step": max(44, _LINE * max(map(len, lines), default=1) + 12)},
        "padding": {"left": 4, "top": 4, "bottom": 4, "right": 24},
        "background": None,
        "config": {"view": {"stroke": None}},
        "data": {"values": values},
        "encoding": {
            "y": {"field": "at", "type": "ordinal", "sort": None, "axis": _label_axis(lines)},
            "x": {"field": "count", "type": "quantitative", "axis": None, "scale": {"domainMin": 0, "domainMax": _longest(rows)}},
            "description": {"field": "says", "type": "nominal"},
        },
        "layer": [
            {"mark": {"type": "bar", "color": ACCENT, "height": 28}},
            {"mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 6, **text},
             "encoding": {"text": {"field": "shown", "type": "nominal"}}},
        ],
    }


def _label_axis(lines: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Bars are told apart by their place and only named by their label, so that two equal labels stay two bars.

    The library measures letters in a font of its own; the room is reckoned for a wide one, so that no reader's font loses its first word.
    """
    longest = max((len(line) for label in lines for line in label), default=0)
    heights = [len(label) for label in lines]
    raised = [{"test": f"{heights}[datum.value] === {height}", "value": -_LINE / 2 * (height - 1)} for height in {*heights} - {1}]
    return {"title": None, "ticks": False, "domainColor": INK, "labelFont": FONT, "labelFontSize": 16, "labelColor": INK,
            "labelLimit": 0, "labelPadding": 8, "labelLineHeight": _LINE, "minExtent": round(_WIDE_LETTER * longest) + 8,
            "labelExpr": f"{json.dumps(lines)}[datum.value]", **({"labelOffset": {"condition": raised, "value": 0}} if raised else {})}


def _shown(count: int | float | None) -> str:
    return "not shown" if count is None else str(count)


def _longest(rows: Sequence[tuple[str, int | float | None]]) -> int | float:
    return max((count or 0 for _, count in rows), default=0) or 1


@lru_cache(maxsize=256)
def _remembered(spec: str) -> str:
    try:
        svg = _ask_helper(spec)
    except BrokenProcessPool:
        svg = _ask_helper(spec)         # It may have died long ago, for want of memory; a new one gets one try.
    return _labelled(svg, json.loads(spec).get("description", "Chart"))


def _labelled(svg: str, label: str) -> str:
    return svg.replace("<svg ", f'<svg role="img" aria-label="{escape(label)}" focusable="false" ', 1)


def _ask_helper(spec: str) -> str:
    """Have the helper draw it, and begin one if there is none. One that breaks or hangs is put away."""
    global _pool
    with _lock:
        if _pool is None:
            _pool = ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn"), initializer=_begin)
        pool = _pool
    try:
        drawing: Future[str] = pool.submit(_draw, spec)
        return drawing.result(timeout=SECONDS)
    except (BrokenProcessPool, TookTooLong):
        with _lock:
            if _pool is pool:
                _pool = None
        _end(pool)
        raise


def _end(pool: ProcessPoolExecutor) -> None:
    """Kill the helper: one that hangs hears nothing else, and this process would wait for it when it ends itself."""
    for helper in list((pool._processes or {}).values()):       # `kill_workers` says the same from Python 3.14 on.
        helper.kill()
    pool.shutdown(wait=False, cancel_futures=True)


def _forget() -> None:
    """After a fork the helper belongs to the parent alone."""
    global _pool, _lock
    _pool, _lock = None, threading.Lock()


os.register_at_fork(after_in_child=_forget)


# What follows runs in the helper.

def _begin() -> None:
    """Leave Ctrl-C to the parent, and do not outlive it, even when it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if parent := parent_process():
        wait([parent.sentinel])
        os._exit(0)


def _draw(spec: str) -> str:
    # Imported here, so that the process that serves pages never loads it.
    import vl_convert

    svg: str = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    return svg
