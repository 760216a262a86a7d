"""Setting a new business up, step by step; each step may be repeated."""
