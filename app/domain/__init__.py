"""Rules without input or output: what is computed from what, and why."""
