"""What the database itself refuses: changing or removing an entry of the log, its place, or a checkpoint.

Whoever owns the database can take the guards down; what they do then is found by `audit verify` against a checkpoint kept elsewhere.
On PostgreSQL the desk should not own its tables: `role_statements` gives a role what it needs and no more.
"""

from __future__ import annotations

from collections.abc import Iterator

# Each table that is only ever added to, and what makes a row of it the same row.
ADDED_TO = {"entries": ("id = NEW.id", "subject = NEW.subject AND seq = NEW.seq",
                        "subject = NEW.subject AND request_key = NEW.request_key"),
            "places": ("place = NEW.place", "entry_id = NEW.entry_id"),
            "checkpoints": ("size = NEW.size",)}
_SAYS = "rows of {0} are never changed or removed"


def guard_statements(dialect: str) -> Iterator[str]:
    """The statements that put the guards up."""
    if dialect == "postgresql":
        yield ("CREATE FUNCTION only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
               "RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME; END $$")
    for table, same in ADDED_TO.items():
        if dialect == "postgresql":
            yield (f"CREATE TRIGGER {table}_only_added_to BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION only_added_to()")
            yield f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table} EXECUTE FUNCTION only_added_to()"
            continue
        refuse = f"BEGIN SELECT RAISE(ABORT, '{_SAYS.format(table)}'); END"
        for verb in ("UPDATE", "DELETE"):
            yield f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} {refuse}"
        # INSERT OR REPLACE removes a row without the trigger above, unless whoever connects has recursive triggers on.
        there = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {one})" for one in same)  # noqa: S608  Our own names.
        yield f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {there} {refuse}"


def unguard_statements(dialect: str) -> Iterator[str]:
    """The statements that take the guards down: for tests, and for whoever has to move the tables."""
    for table in ADDED_TO:
        if dialect == "postgresql":
            yield f"DROP TRIGGER IF EXISTS {table}_only_added_to ON {table}"
            yield f"DROP TRIGGER IF EXISTS {table}_never_emptied ON {table}"
        else:
            yield from (f"DROP TRIGGER IF EXISTS {table}_no_{verb}" for verb in ("update", "delete", "replace"))
    if dialect == "postgresql":
        yield "DROP FUNCTION IF EXISTS only_added_to()"


def role_statements(role: str) -> Iterator[str]:
    """What gives a role of PostgreSQL all that the desk does every day, and of the log only reading and adding. ROLE is a checked name."""
    yield f'GRANT USAGE ON SCHEMA public TO "{role}"'
    yield f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "{role}"'
    yield f'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "{role}"'
    yield f'REVOKE UPDATE, DELETE, TRUNCATE ON {", ".join(ADDED_TO)} FROM "{role}"'
