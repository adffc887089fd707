"""Numbers as they stand in addresses and forms."""

LARGEST_ID = 2**31 - 1
"""What PostgreSQL's `integer` holds."""


def whole_number(value: str) -> int | None:
    """Return the number of a record; None when it is none, or larger than a record can have."""
    if not (value.isascii() and value.isdigit()) or len(value) > len(str(LARGEST_ID)):
        return None
    number = int(value)
    return number if number <= LARGEST_ID else None
