"""How templates are kept, so that a page costs little to make."""

from collections.abc import MutableMapping
from typing import Any

from flask.templating import Environment


class PlainGlobals(Environment):
    """Templates with one plain dict of globals.

    Jinja lays a template's own globals over the environment's, and for each import compares all
    their names. Ours has none of its own, and all globals stand before the first page is asked.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """One dict, which compares many times faster than Jinja's chain of two."""
        return {**self.globals, **(d or {})}
