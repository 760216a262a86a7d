"""Everything that lets Qhatu run on one machine: PostgreSQL, Valkey, mail sink, supervision.

Nothing here is needed in production, where the same programs run under the machine's own service
manager against external servers. Importing this package is cheap: no Flask, no SQLAlchemy.
"""
