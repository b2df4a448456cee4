"""A person of the demonstration, whose session a browser has."""

from __future__ import annotations

import json
import urllib.request
from typing import Any
from urllib.parse import urljoin

from playwright.sync_api import BrowserContext
from tests.wait import until

from emulator.accounts import PASSWORD, PEOPLE


def signed_in(context: BrowserContext, stack: Any, role: str = "admin") -> None:
    """Pages of the context are that person's. Waits for the Auth emulator, which starts after everything else."""
    asked = {"email": PEOPLE[role], "password": PASSWORD, "returnSecureToken": True}
    tokens: list[str] = []

    def known() -> bool:
        address = f"http://{stack.auth}/identitytoolkit.googleapis.com/v1/accounts:signInWithPassword?key=none"
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(address, json.dumps(asked).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                tokens.append(json.loads(answer.read())["idToken"])
        except OSError:
            return False
        return True

    until(known, 120, "the Auth emulator")
    headers = {"Authorization": f"Bearer {tokens[0]}", "Origin": urljoin(stack.web, "/").rstrip("/")}
    answer = context.request.post(urljoin(stack.web, "/api/session"), headers=headers, data={})
    assert answer.ok, answer.text()
