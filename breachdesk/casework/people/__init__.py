"""Accounts, organisations, and what each is to the other and to the desk, by day."""
