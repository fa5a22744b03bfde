"""All checks on a document: can it be played, does it help, is everything there.

Pure: today's date and a look at the files are handed in.
"""

from datetime import date

from lti_tool.experience.checks.drama import check_drama
from lti_tool.experience.checks.flow import Flow
from lti_tool.experience.checks.graph import check_graph
from lti_tool.experience.checks.language import check_language
from lti_tool.experience.checks.media import FindMedia, MediaFact, check_media
from lti_tool.experience.checks.people import check_people, check_plain
from lti_tool.experience.checks.readings import check_readings
from lti_tool.experience.checks.references import (
    check_intervision,
    check_module,
    check_preparation,
    check_references,
)
from lti_tool.experience.document.findings import Finding
from lti_tool.experience.document.model import Document, Experience, Intervision, MicroModule

__all__ = ["FindMedia", "MediaFact", "check"]


def check(item: Document, *, today: date, exists: FindMedia | None) -> tuple[Finding, ...]:
    """Check a document that was parsed.

    `today` decides whether consent has ended; `exists` tells what stands under a media file's
    name (None: do not look at files). The findings have a place but no line yet:
    `parsing.Parsed.locate` adds it.
    """
    found: list[Finding] = []
    if isinstance(item, Experience):
        found += check_references(item)
        flow = Flow(item)
        for look in (check_graph, check_readings, check_people):
            found += look(flow)
        if not any(one.severity == "error" for one in found):
            found += check_drama(flow)
    else:
        if isinstance(item, MicroModule):
            found += check_module(item)
        elif isinstance(item, Intervision):
            found += check_intervision(item)
        else:
            found += check_preparation(item)
        found += check_plain(item)
    found += check_language(item)
    found += check_media(item, today=today, exists=exists)
    return tuple(dict.fromkeys(found))
