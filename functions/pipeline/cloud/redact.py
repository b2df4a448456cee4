"""A log filter that blanks keys, also in lines that a library writes about a malformed request."""

from __future__ import annotations

import logging
import re

_KEY = re.compile(r"(?i)(\bkey=|\bbearer\s+)[^\s&\"']+")


class RedactKeys(logging.Filter):
    """Blanks what follows `key=` or `Bearer` in every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always True; the record is changed in place."""
        message = record.getMessage()
        if _KEY.search(message):
            record.msg, record.args = _KEY.sub(r"\1[redacted]", message), ()
        return True
