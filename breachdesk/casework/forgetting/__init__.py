"""What is held about people, for how long, and how it goes for good while the log still verifies."""
