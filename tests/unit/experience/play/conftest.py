"""How the player's templates are looked at."""

import pytest
from flask import Flask
from jinja2 import StrictUndefined


@pytest.fixture
def no_name_is_misspelt(app: Flask) -> None:
    """What a template asks for and a view does not give is an error here, not an empty place."""
    app.jinja_env.undefined = StrictUndefined


@pytest.fixture
def effects() -> dict[str, str]:
    """How each effect is called on a Dutch page."""
    return {
        "strong": "Werkt hier goed",
        "partly": "Werkt hier gedeeltelijk",
        "limited": "Werkt hier beperkt",
        "counter": "Werkt hier averechts",
        "depends": "Hangt van de context af",
    }
