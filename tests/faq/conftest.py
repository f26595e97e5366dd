"""One matcher, trained once for all tests of the FAQ."""

from __future__ import annotations

import pytest

from services.faq.matcher import Matcher
from services.faq.material import shipped_topics


@pytest.fixture(scope="session")
def matcher() -> Matcher:
    return Matcher.train(shipped_topics().topics)
