"""A running `proeftuin serve` for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from localserver import local_server, rsa_keys
from served import Served

__all__ = ["local_server", "rsa_keys"]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = Served(tmp_path)
    yield made
    made.stop()
