"""`x-goog-content-length-range: LEAST,MOST`, which the signer of an upload may demand."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import ApiError, bad_request

HEADER = "x-goog-content-length-range"


@dataclass(frozen=True, slots=True)
class LengthRange:
    """Bytes that an object may have, both ends included."""

    least: int
    most: int

    @classmethod
    def of(cls, text: str) -> LengthRange:
        """Raises 400."""
        try:
            least, most = (int(part) for part in text.split(","))
        except ValueError:
            raise bad_request(f"Invalid {HEADER} {text!r}: use LEAST,MOST in bytes.") from None
        return cls(least, most)

    def check(self, size: int) -> None:
        """Raises 400 for an object of another size."""
        self.check_most(size)
        if size < self.least:
            raise ApiError(
                400, "invalid", "Your proposed upload is smaller than the minimum size.", xml="EntityTooSmall"
            )

    def check_most(self, size: int) -> None:
        """Raises 400 for what is too large already."""
        if size > self.most:
            raise ApiError(400, "invalid", "Your proposed upload exceeds the maximum size.", xml="EntityTooLarge")
