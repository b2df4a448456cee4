"""Characters that no reader sees, and that change what others say.

Control characters break lines in logs and terminals, direction overrides show a name as another one
("a\\u202egpj.exe" as "aexe.jpg"), and half of a surrogate pair is no character that any store takes.
"""

from __future__ import annotations

import unicodedata

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_BLANK = "\u115f\u1160\u3164\uffa0\u2800\u17b4\u17b5"  # letters and a pattern of Braille that show nothing
_JOINERS = "\u200c\u200d"  # letters of Persian and Indic scripts, and emoji, are joined by them
_MOST = 1000


def is_hidden(character: str) -> bool:
    """True for what a text of ours does not hold: control and format characters, fillers, halves of surrogate pairs."""
    hidden = unicodedata.category(character) in _HIDDEN and character not in _JOINERS
    return hidden or character in _BLANK


def is_seen(text: str) -> bool:
    """Whether a text shows something: neither spaces nor joiners and marks alone do."""
    return any(unicodedata.category(one)[0] not in "MZ" and one not in _JOINERS and not is_hidden(one) for one in text)


def readable(text: str) -> str:
    """`text` for a document or a log, whatever a sender put into it: composed (NFC), of at most 1,000 characters.

    A hidden character becomes U+FFFD, a run of white space one space.
    """
    seen = " ".join(unicodedata.normalize("NFC", text[:_MOST]).split())
    return "".join("\ufffd" if is_hidden(one) else one for one in seen)
