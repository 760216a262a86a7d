"""Settings that administrators change while the system runs: their types, rules and cache.

The rows are ``platform.system_settings``; ``app.services.platform.read_setting`` reads them,
``app.services.platform.change_settings`` is the one way to change them.
"""
