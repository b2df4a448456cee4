"""Errors of the emulator, with Google's status codes.

ImageError    one picture: reported in its response, the others of the call go on
CallError     the whole call: its status; see rpc
MarksError    the folder of reference marks: the emulator does not start
"""

from __future__ import annotations

import grpc


class ImageError(Exception):
    """One picture could not be annotated. `code` is a google.rpc.Code, the message Google's where it is known."""

    def __init__(self, code: grpc.StatusCode, message: str) -> None:
        super().__init__(message)
        self.code = code


class MarksError(Exception):
    """The folder of reference marks cannot be used; the message says what would be right."""
