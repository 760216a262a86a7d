"""Screens of what people keep for themselves and say about records."""
