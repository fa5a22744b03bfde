"""How the player's templates are looked at."""

import pytest
from flask import Flask
from jinja2 import StrictUndefined


@pytest.fixture
def no_name_is_misspelt(app: Flask) -> None:
    """What a template asks for and a view does not give is an error here, not an empty place."""
    app.jinja_env.undefined = StrictUndefined
