"""One row: its page, its history, its end."""
