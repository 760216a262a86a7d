"""Printed forms of electronic documents: facturas, boletas and notes, on A4 and 80 mm.

They are in Spanish whatever the language of the business: the words are those of the law.
"""
