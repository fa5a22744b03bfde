"""Published documents in memory: they never change, so that each is parsed once."""

from collections import OrderedDict
from threading import Lock

from lti_tool.experience.document.model import Document


class Documents:
    """Parsed documents by hash; the one that was needed longest ago makes room."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._held: OrderedDict[str, Document] = OrderedDict()
        self._lock = Lock()

    def get(self, sha256: str) -> Document | None:
        """Return the document with this hash, if it is here."""
        with self._lock:
            document = self._held.get(sha256)
            if document is not None:
                self._held.move_to_end(sha256)
            return document

    def put(self, sha256: str, document: Document) -> None:
        """Keep a document under its hash."""
        with self._lock:
            self._held[sha256] = document
            while len(self._held) > self._size:
                self._held.popitem(last=False)
