"""The one exception that becomes an error page, and the table of what can go wrong.

Each error has a stable code that people's scripts may rely on, an HTTP status, and one of a
few sentences that say what to do. What the sender wrote is never echoed.
"""

from dataclasses import dataclass
from enum import Enum

from flask_babel import lazy_gettext as _l


class Advice(Enum):
    """What a reader can do, in one sentence each."""

    REOPEN = _l("This link is not valid. Open the activity again from your course.")
    EXPIRED = _l("This opening is no longer valid. Open the activity again from your course.")
    UNKNOWN_PLATFORM = _l(
        "This learning environment is not connected (yet). Ask your administrator."
    )
    COOKIES = _l("Your browser blocks cookies in this frame. Open the activity in a new window.")
    INCOMPLETE = _l(
        "Your learning environment sent incomplete data. Pass the code below to your administrator."
    )
    FORBIDDEN = _l("You do not have the rights for this.")
    LATER = _l("Your learning environment cannot be reached right now. Please try again later.")
    GONE = _l("This page does not exist (any more). Go back to your course.")
    PICK = _l("Nothing was chosen. Go back and tick at least one item.")
    CHOOSE = _l("That did not work. Go back and choose again.")
    SENTENCE = _l("There is no sentence yet. Go back and write one.")
    FULL = _l("Your logbook is full. Erase something in it first.")
    INSIGHT = _l("Something in your insight has to change first. Go back; the page says what.")
    THERE = _l("You already share an insight about this activity here. Withdraw that one first.")
    AWAY = _l("This insight is not on the wall any more. Go back; the page shows what there is.")
    OFTEN = _l("You published very often in a short time. Wait an hour, then publish it again.")
    SLOW_DOWN = _l("There are too many requests right now. Wait a minute and try again.")
    TOO_LARGE = _l("What was sent is too large.")
    OURS = _l("Something went wrong on our side. Nothing was lost. Please try again later.")
    DATABASE = _l(
        "Proeftuin cannot reach its own data for a moment. Nothing was lost. "
        "Wait a minute and try again."
    )
    NO_ITEM = _l(
        "This activity does not say which item it opens. "
        "Tell your teacher: who teaches the course can choose one by opening this activity."
    )
    WITHDRAWN = _l(
        "This item was withdrawn by its makers. Your completions are kept. "
        "Tell your teacher: who teaches the course can choose another by opening this activity."
    )
    NOT_HERE = _l(
        "This item does not exist (any more), or not for your school. "
        "Tell your teacher: who teaches the course can choose another by opening this activity."
    )
    PENDING = _l(
        "This course's connection is waiting for approval. "
        "The operator of Proeftuin approves it with: proeftuin platforms approve"
    )
    PASTE = _l(
        "This address is not a page to visit. Paste it where your learning environment adds a tool."
    )
    INVITATION = _l(
        "This invitation is not valid (any more). Ask the operator of Proeftuin for a new one."
    )
    CONFIGURATION = _l(
        "Proeftuin could not read your learning environment's configuration, or it is not its own. "
        "Its address must start with https and be reachable from the internet. "
        "Then start again from your learning environment."
    )
    DECLINED = _l(
        "Your learning environment did not accept the registration. "
        "Start again from your learning environment: each start is good once."
    )


@dataclass(frozen=True, slots=True)
class Problem:
    """One row of the table: an HTTP status and the advice shown."""

    status: int
    advice: Advice


PROBLEMS: dict[str, Problem] = {
    # third-party initiated login (Security Framework 1.0 §5.1.1.1)
    "login-incomplete": Problem(400, Advice.REOPEN),
    "login-malformed": Problem(400, Advice.REOPEN),
    "login-target": Problem(400, Advice.REOPEN),
    "platform-unknown": Problem(403, Advice.UNKNOWN_PLATFORM),
    "platform-blocked": Problem(403, Advice.UNKNOWN_PLATFORM),
    "client-ambiguous": Problem(400, Advice.UNKNOWN_PLATFORM),
    # the authentication response
    "state-missing": Problem(400, Advice.REOPEN),
    "state-unknown": Problem(400, Advice.REOPEN),
    "state-expired": Problem(401, Advice.EXPIRED),
    "state-used": Problem(401, Advice.EXPIRED),
    "browser-other": Problem(401, Advice.COOKIES),
    "browser-cookieless": Problem(200, Advice.COOKIES),
    "platform-refused": Problem(401, Advice.EXPIRED),
    "token-missing": Problem(400, Advice.REOPEN),
    "token-malformed": Problem(400, Advice.REOPEN),
    "token-too-large": Problem(413, Advice.TOO_LARGE),
    "token-algorithm": Problem(401, Advice.REOPEN),
    "token-key": Problem(401, Advice.REOPEN),
    "token-signature": Problem(401, Advice.REOPEN),
    "token-issuer": Problem(401, Advice.REOPEN),
    "token-audience": Problem(401, Advice.REOPEN),
    "token-time": Problem(401, Advice.EXPIRED),
    "token-nonce": Problem(401, Advice.REOPEN),
    "keys-unreachable": Problem(503, Advice.LATER),
    "database-away": Problem(503, Advice.DATABASE),
    # claims (LTI Core 1.3 §5.3, Deep Linking 2.0 §4.4)
    "claims-not-lti": Problem(400, Advice.REOPEN),
    "claims-incomplete": Problem(400, Advice.INCOMPLETE),
    "claims-malformed": Problem(400, Advice.INCOMPLETE),
    "claims-target": Problem(400, Advice.REOPEN),
    "message-unknown": Problem(400, Advice.INCOMPLETE),
    "deployment-unknown": Problem(403, Advice.PENDING),
    "deployment-blocked": Problem(403, Advice.UNKNOWN_PLATFORM),
    # pages after the launch
    "session-unknown": Problem(401, Advice.EXPIRED),
    "session-expired": Problem(401, Advice.EXPIRED),
    "form-foreign": Problem(403, Advice.REOPEN),
    "role-missing": Problem(403, Advice.FORBIDDEN),
    "item-missing": Problem(400, Advice.NO_ITEM),
    "item-unknown": Problem(404, Advice.NOT_HERE),
    "item-withdrawn": Problem(410, Advice.WITHDRAWN),
    "not-found": Problem(404, Advice.GONE),
    "step-impossible": Problem(409, Advice.CHOOSE),
    "selection-malformed": Problem(400, Advice.CHOOSE),
    "selection-empty": Problem(400, Advice.PICK),
    "selection-used": Problem(409, Advice.EXPIRED),
    "sentence-empty": Problem(400, Advice.SENTENCE),
    "logbook-full": Problem(409, Advice.FULL),
    "insight-malformed": Problem(422, Advice.INSIGHT),
    "insight-there": Problem(409, Advice.THERE),
    "insight-gone": Problem(404, Advice.AWAY),
    "insight-often": Problem(429, Advice.OFTEN),
    # dynamic registration, for an administrator
    "registration-incomplete": Problem(400, Advice.PASTE),
    "invitation-invalid": Problem(403, Advice.INVITATION),
    "configuration-unreachable": Problem(400, Advice.CONFIGURATION),
    "configuration-unusable": Problem(400, Advice.CONFIGURATION),
    "configuration-issuer": Problem(400, Advice.CONFIGURATION),
    "registration-declined": Problem(400, Advice.DECLINED),
    # HTTP itself
    "bad-request": Problem(400, Advice.REOPEN),
    "method-not-allowed": Problem(405, Advice.REOPEN),
    "too-large": Problem(413, Advice.TOO_LARGE),
    "too-many": Problem(429, Advice.SLOW_DOWN),
    "internal": Problem(500, Advice.OURS),
}


class ToolError(Exception):
    """Something that ends the request with an error page and changes nothing.

    Args:
        code: a key of `PROBLEMS`.
        detail: for our log only: a short constant phrase, never what the sender wrote.
        retry_after: seconds after which another try may work, if that is the remedy.
    """

    def __init__(self, code: str, detail: str = "", *, retry_after: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.retry_after = retry_after
        self.problem = PROBLEMS[code]
