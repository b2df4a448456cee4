"""What is known of the locks' packages is told apart from what could not be asked."""

from __future__ import annotations

import json

from emulator.declaration.packages.audit import of_npm, of_pip_audit


def test_a_vulnerability_is_named_with_its_package() -> None:
    package = {"name": "jinja2", "version": "2.10", "vulns": [{"id": "PYSEC-2019-217"}]}
    answer = of_pip_audit("requirements.txt", json.dumps({"dependencies": [package]}), "")
    assert (answer.found, answer.silent) == (("jinja2 2.10: PYSEC-2019-217",), "")


def test_a_lock_without_any_is_clean() -> None:
    answer = of_pip_audit("requirements.txt", '{"dependencies": [{"name": "a", "version": "1", "vulns": []}]}', "")
    assert (answer.found, answer.silent) == ((), "")


def test_packages_that_could_not_be_asked_about_are_no_clean_ones() -> None:
    """pip-audit calls them skipped, and ends with success."""
    packages = [
        {"name": "a", "skip_reason": "Dependency not found on PyPI"},
        {"name": "b", "version": "1", "vulns": []},
    ]
    answer = of_pip_audit("requirements.txt", json.dumps({"dependencies": packages}), "")
    assert answer.silent == "1 of 2 packages were not audited; Dependency not found on PyPI"


def test_a_service_that_does_not_answer_is_said_in_its_words() -> None:
    answer = of_pip_audit("requirements.txt", "", "WARNING: slow\nERROR: 405 Method Not Allowed\n")
    assert answer.silent == "ERROR: 405 Method Not Allowed"
    assert of_npm('{"message": "405 Method Not Allowed - POST"}', "").silent == "405 Method Not Allowed - POST"
    assert of_npm("", "").silent == "it said nothing"


def test_what_npm_knows_is_named() -> None:
    report = {"vulnerabilities": {"vite": {"range": "<8.0.1", "severity": "high"}}}
    assert of_npm(json.dumps(report), "").found == ("vite <8.0.1: high",)
    assert of_npm('{"vulnerabilities": {}}', "").found == ()
