"""A made-up Peruvian business with a year behind it, to try things out and to measure with.

The same every time (seeded random), with dates counted back from today. Everything goes through
COPY in one transaction; quantities, balances and totals agree with their ledgers to the céntimo.
"""
