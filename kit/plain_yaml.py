"""The YAML loader for files that people hand us: safe, in C where it is there, and no number is read out of `1:1:1:…`.

YAML 1.1 takes colons for base 60. PyYAML multiplies such a number up digit by digit, in quadratic time: 200 kB of `1:1:1:…` took
2.3 s, and 4 MB, which an import takes, would have taken a quarter of an hour. Nobody means it either: an unquoted 12:30 is a time
of day, and comes as the text that it is.
"""

from __future__ import annotations

from typing import Any

import yaml

LONGEST = 64  # characters of a scalar that may be more than text: a number, a day, true, false, null
_TEXT = "tag:yaml.org,2002:str"
_NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """yaml.SafeLoader, for whom long scalars and such with colons are texts."""

    def resolve(self, kind: type[yaml.Node], value: str, implicit: Any) -> str:
        if kind is not yaml.ScalarNode:
            return str(super().resolve(kind, value, implicit))
        if len(value) > LONGEST:
            return _TEXT
        tag = str(super().resolve(kind, value, implicit))
        return _TEXT if tag in _NUMBERS and ":" in value else tag


def load(text: str) -> Any:
    """What a YAML text says. Raises yaml.YAMLError."""
    return yaml.load(text, Loader)  # noqa: S506  # nosec B506 (it is a safe loader)
