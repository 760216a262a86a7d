"""Qhatu: a self-hosted back office."""

from __future__ import annotations

import gc

# Making some thousand classes at start triggers hundreds of collections that find nothing: a third
# of the start-up. The factory freezes what it made, so that later collections skip it.
gc.set_threshold(50_000, 20, 50)
