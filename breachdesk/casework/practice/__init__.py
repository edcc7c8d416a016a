"""A desk to look around in: invented organisations, their cases, and a clock that can be moved."""
