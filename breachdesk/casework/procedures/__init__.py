"""Procedures as files and as stored versions: taken in, published, shown, and cases moved between them."""
