"""What an e-mail address may look like."""

from __future__ import annotations

from email.errors import MessageError
from email.headerregistry import Address

LONGEST = 254


def is_address(text: str) -> bool:
    """Whether an e-mail could be sent to it: ``name@domain.tld``, bare."""
    try:
        parsed = Address(addr_spec=text)
    except (ValueError, IndexError, MessageError):
        return False
    return bool(parsed.username) and "." in parsed.domain and len(text) <= LONGEST
