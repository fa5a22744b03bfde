"""One tool and one sandbox for all functional tests of a worker process."""

from collections.abc import Iterator

import pytest
from stack import Stack, running


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running(tmp_path_factory.mktemp("stack")) as made:
        yield made
        assert all(not lms.memory.violations for lms in made.sandbox.platforms.values())
