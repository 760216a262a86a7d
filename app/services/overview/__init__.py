"""Figures and lists of the start page: one statement each, within the reader's row scope."""
