"""Reference data that every installation starts with: statuses, types, templates, settings, roles.

The data are in ``data/<schema>.json``, one row a line. A text in both languages is written
``{"es": …, "en": …}``; the row gets the one of the business. Long texts are lists of lines.
"""
