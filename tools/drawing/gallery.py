"""Every drawing that is made by functions."""

from . import bust


def drawn() -> dict[str, str]:
    """Return each drawing's name under `content/art`, and its SVG."""
    return bust.all_portraits()
