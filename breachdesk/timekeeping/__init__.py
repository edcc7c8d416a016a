"""Time that people can rely on: calendars, limits, the deadline ledger, elapsed and handling time. Dates only, and all of it pure."""
