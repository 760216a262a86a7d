"""The REST resource of a table and its description."""
