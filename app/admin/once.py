"""``functools.cache`` that keeps the function's signature.

mypy takes a mapped class for unhashable (its metaclass types ``__hash__`` oddly); it isn't.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

Function = TypeVar("Function", bound=Callable[..., Any])


def once(function: Function) -> Function:
    """Compute once per process and arguments."""
    return cast(Function, functools.cache(function))
