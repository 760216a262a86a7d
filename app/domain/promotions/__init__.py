"""Promotions: what is taken off a cart, why, and why not; pure functions of values."""
