"""Errors as documents hold them."""

from __future__ import annotations

import pytest

from pipeline.domain import errors
from pipeline.domain.errors import Code, Failure


def subclasses(cls: type[errors.MediaAnalyzerError]) -> list[type[errors.MediaAnalyzerError]]:
    return [cls, *(below for child in cls.__subclasses__() for below in subclasses(child))]


def test_each_error_of_the_tree_has_a_code_of_its_own() -> None:
    codes = [cls.code for cls in subclasses(errors.MediaAnalyzerError)]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("cls", subclasses(errors.MediaAnalyzerError))
def test_a_failure_reads_the_same_after_it_was_stored(cls: type[errors.MediaAnalyzerError]) -> None:
    failure = Failure.of(cls("do this instead"))
    assert failure.fields() == {"code": cls.code.value, "message": "do this instead"}
    assert Failure.read(failure.fields()) == failure


def test_a_document_of_before_there_were_codes_is_read_as_its_message() -> None:
    assert Failure.read("the quota is used up") == Failure("", "the quota is used up")


def test_a_document_without_an_error_has_no_failure() -> None:
    assert Failure.read(None) is None


def test_a_code_is_stored_as_plain_text() -> None:
    assert type(Failure(Code.BUSY, "full").fields()["code"]) is str
