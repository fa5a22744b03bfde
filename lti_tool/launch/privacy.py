"""What is kept about a learner: handing it over, erasing it, and letting it lapse.

Everything here loops over what the domains declare. The learner's own page shows and downloads
everything. An operator who must answer a request gets the same list without what was chosen or
written: no command shows that of another person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, literal
from sqlalchemy.orm import Session

from lti_tool.db import changed
from lti_tool.keeping import Kept, Row
from lti_tool.launch.kept import person
from lti_tool.launch.models import Learner
from lti_tool.vault import Vault

Removed = dict[str, int]
"""How many rows of each kind went; never whose."""


@dataclass(frozen=True, slots=True)
class Privacy:
    """The rights of learners over what is kept about them.

    Attributes:
        kept: what the domains declare.
        vault: unseals what is theirs.
    """

    kept: Sequence[Kept]
    vault: Vault

    def export(self, session: Session, learner_id: int, *, own: bool) -> dict[str, list[Row]]:
        """Return everything that is kept about a learner, as plain data.

        Args:
            session: to read with.
            learner_id: our id of the person.
            own: True for the learner's own eyes; otherwise what was chosen and written stays out.
        """
        who = person(session, self.vault, learner_id)
        found = {
            one.name: list(one.rows(session, self.vault, learner_id, own)) for one in self.kept
        }
        return {"person": [who]} | found

    def erase(self, session: Session, learner_id: int) -> Removed:
        """Erase everything about a learner, pseudonym and sessions too. The caller commits."""
        removed = {
            one.name: _delete(session, one.table, one.table.learner_id == learner_id)
            for one in self.kept
        }
        return removed | {"people": _delete(session, Learner, Learner.id == learner_id)}

    def retain(self, session: Session, now: datetime) -> Removed:
        """Delete what has been kept long enough, and who nothing is left of. The caller commits."""
        removed = {one.name: _delete(session, one.table, one.lapses(now)) for one in self.kept}
        nothing_left = [~exists().where(one.table.learner_id == Learner.id) for one in self.kept]
        return removed | {"people": _delete(session, Learner, *nothing_left)}


def _delete(session: Session, table: type[Any], *where: ColumnElement[bool]) -> int:
    statement = delete(table).where(*where or [literal(True)])
    done = session.execute(statement.execution_options(synchronize_session=False))
    return changed(done)
