"""X and Z reports of tills."""
