"""Keys of own providers: good for one address, with one secret, and unreadable without it."""

from __future__ import annotations

import pytest

from pipeline.detection.service.sealed import MOST, seal, unseal
from pipeline.domain.errors import BadRequest, Unavailable

KEY, ADDRESS, SECRET = "a-key-of-a-worker", "https://clip.example", "a-secret-of-the-tests"


def test_a_key_opens_for_its_address_and_is_not_seen_in_what_is_stored() -> None:
    sealed = seal(KEY, ADDRESS, SECRET)
    assert unseal(sealed, ADDRESS, SECRET) == KEY
    assert KEY not in sealed and sealed != seal(KEY, ADDRESS, SECRET)


@pytest.mark.parametrize(("address", "secret"), [("https://other.example", SECRET), (ADDRESS, "another-secret")])
def test_for_another_address_or_with_another_secret_it_stays_shut(address: str, secret: str) -> None:
    with pytest.raises(Unavailable, match="set it again") as raised:
        unseal(seal(KEY, ADDRESS, SECRET), address, secret)
    assert KEY not in str(raised.value)


def test_what_was_changed_or_never_sealed_does_not_open() -> None:
    for text in (KEY, "ü", "", seal(KEY, ADDRESS, SECRET)[:-4] + "AAAA"):
        with pytest.raises(Unavailable, match="set it again"):
            unseal(text, ADDRESS, SECRET)


def test_the_longest_key_fits_what_is_stored_and_what_no_header_carries_is_refused() -> None:
    assert len(seal('"' * MOST, ADDRESS + "/" + "a" * 450, SECRET)) <= 6000
    for key in ("a" * (MOST + 1), "a\nb", "ü"):
        with pytest.raises(BadRequest, match="at most 500, printable ASCII"):
            seal(key, ADDRESS, SECRET)


def test_without_a_secret_no_key_is_kept() -> None:
    with pytest.raises(BadRequest, match="PROVIDER_SECRET"):
        seal(KEY, ADDRESS, "")
