"""Quotations of the till."""
