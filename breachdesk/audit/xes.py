"""Cases as an event log in XES (IEEE 1849-2016), for tools that mine processes. Pure: text comes out piece by piece."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import quoteattr

from breachdesk.audit.traces import Happened, Trace

_EXTENSIONS = (("Concept", "concept"), ("Lifecycle", "lifecycle"), ("Time", "time"), ("Organizational", "org"))
_HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">
{"".join(f'  <extension name="{name}" prefix="{prefix}" uri="http://www.xes-standard.org/{prefix}.xesext"/>{chr(10)}'
         for name, prefix in _EXTENSIONS)}\
  <global scope="trace">
    <string key="concept:name" value="case"/>
  </global>
  <global scope="event">
    <string key="concept:name" value="activity"/>
    <date key="time:timestamp" value="1970-01-01T00:00:00.000Z"/>
    <string key="lifecycle:transition" value="complete"/>
    <string key="org:resource" value="nobody"/>
    <string key="org:role" value="nobody"/>
  </global>
  <classifier name="Activity" scope="event" keys="concept:name"/>
  <classifier name="ActivityAndRole" scope="event" keys="concept:name org:role"/>
  <string key="lifecycle:model" value="standard"/>
"""


def as_xes(traces: Iterable[Trace], origin: str) -> Iterator[str]:
    """The document. ORIGIN names the log that it was made from."""
    yield _HEAD
    yield f"  {_attribute('string', 'concept:name', origin)}\n"
    for one in traces:
        yield from _trace(one)
    yield "</log>\n"


def _trace(trace: Trace) -> Iterator[str]:
    yield "  <trace>\n"
    yield f"    {_attribute('string', 'concept:name', trace.reference)}\n    {_attribute('string', 'scheme', trace.scheme)}\n"
    for name in ("procedure_digest", "received_on", "event_on", "channel"):
        if trace.opening.get(name):
            yield f"    {_attribute('string', name, trace.opening[name])}\n"
    for one in trace.entries:
        yield f"    <event>{''.join(_event(one))}</event>\n"
    yield "  </trace>\n"


def _event(one: Happened) -> Iterator[str]:
    yield _attribute("string", "concept:name", one.activity)
    yield _attribute("string", "concept:instance", one.seq)
    yield _attribute("date", "time:timestamp", one.moment)
    yield _attribute("string", "lifecycle:transition", "complete")
    yield _attribute("string", "org:resource", one.resource)
    yield _attribute("string", "org:role", one.role)
    if one.party:
        yield _attribute("string", "org:group", f"party {one.party}")
    yield _attribute("string", "event", one.event)
    for name, value in one.told():
        yield _attribute("int" if isinstance(value, int) else "string", name, value)


def _attribute(kind: str, key: str, value: object) -> str:
    return f"<{kind} key={quoteattr(key)} value={quoteattr(str(value))}/>"
