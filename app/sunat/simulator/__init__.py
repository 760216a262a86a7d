"""SUNAT's service on this machine: for one-machine use and for tests."""

from __future__ import annotations

from app.sunat.simulator.server import Failure, RefusedError, Simulator
from app.sunat.simulator.wsgi import SoapApplication

__all__ = ["Failure", "RefusedError", "Simulator", "SoapApplication"]
