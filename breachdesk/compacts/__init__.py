"""Compacts and schemes as values: which wording was in force on which day, and who runs the procedure where. Pure."""
