"""Rows out into files and in from files: exports and imports of any table."""
