"""Members for the accounts of a demonstration, so that people can sign in on a local stack."""

from __future__ import annotations

from ..accounts import PASSWORD, PEOPLE
from ..errors import CallFailed
from .api import Api

_CONFLICT = 409


def invite(api: Api) -> None:
    """Makes each of them a member with the role in their address. Twice is once. Raises CallFailed."""
    for role, email in PEOPLE.items():
        try:
            api.ask("POST", "/members", {"email": email, "role": role, "name": role.title()})
        except CallFailed as error:
            if error.status != _CONFLICT:
                raise


def how_to_sign_in() -> str:
    """A line for the terminal."""
    return f"{', '.join(PEOPLE.values())}; password {PASSWORD}"
