"""Tokens, conditions and the table of permissions of the emulator of Cloud Storage."""

from __future__ import annotations

import pytest

from emulator.emulators.gcs.errors import ApiError
from emulator.emulators.gcs.identity.conditions import check, holds
from emulator.emulators.gcs.identity.roles import ROLES
from emulator.emulators.gcs.identity.tokens import LIFETIME, Tokens
from emulator.emulators.gcs.routes import OPEN, PERMISSIONS, ROUTES


def test_every_call_that_is_done_says_what_it_needs() -> None:
    done = {call for _, _, call, handler in ROUTES if handler is not None}
    assert done == PERMISSIONS.keys() | OPEN
    assert not PERMISSIONS.keys() & OPEN


def test_every_permission_on_objects_and_buckets_is_granted_by_the_admins_role() -> None:
    beyond = {"storage.buckets.list", "storage.buckets.create", "storage.hmacKeys.create"}  # the project's
    asked = {permission for permission in PERMISSIONS.values() if permission.startswith("storage.")}
    assert asked - ROLES["roles/storage.admin"] == beyond


def test_a_token_is_good_for_an_hour() -> None:
    now = 1000.0
    tokens = Tokens(None, lambda: now)
    token = tokens.issue("a@b")
    now += LIFETIME - 1
    assert tokens.account(token) == "a@b"
    now += 1
    assert tokens.account(token) is None


def test_a_token_of_another_emulator_is_no_token() -> None:
    assert Tokens(None).account(Tokens(None).issue("a@b")) is None


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "ya29.local.e30.AAAA", "ya29.local.e30", "ü.ü.ü", "ya29.local.!.!"])
def test_what_is_no_token_names_no_account(text: str) -> None:
    assert Tokens(None).account(text) is None


UNDER = 'resource.name.startsWith("projects/_/buckets/b/objects/'


@pytest.mark.parametrize(
    ("expression", "name", "held"),
    [
        (f'{UNDER}a/")', "a/1", True),
        (f'{UNDER}a/")', "b/1", False),
        (f'{UNDER}a/")', None, False),
        (f'{UNDER}a/") || {UNDER}b/")', "b/1", True),
        (f'{UNDER}a/") && !{UNDER}a/b/")', "a/b/1", False),
        (f'!({UNDER}a/") || {UNDER}b/"))', "c", True),
        (f'{UNDER}a && b || c/")', "a && b || c/1", True),
        ("resource.name.endsWith('.ts')", "a.ts", True),
        ('resource.type == "storage.googleapis.com/Object"', "a", True),
        ('resource.type != "storage.googleapis.com/Object"', None, True),
        ('resource.service == "storage.googleapis.com"', "a", True),
    ],
)
def test_a_condition_says_which_objects_are_meant(expression: str, name: str | None, held: bool) -> None:
    assert holds(expression, "b", name) is held


@pytest.mark.parametrize(
    "expression",
    [
        *(
            "",
            "true",
            "resource.name",
            "request.time < timestamp(1)",
            "resource.name.matches('x')",
        ),
        *(f'{UNDER}a/") || destination.port == 80', "resource.name.startsWith(1)", "1 +", "resource.size == 'x'"),
    ],
)
def test_a_condition_that_cannot_be_judged_is_refused(expression: str) -> None:
    with pytest.raises(ApiError, match="Invalid condition"):
        check(expression)
