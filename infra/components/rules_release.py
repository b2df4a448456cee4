"""Releases of Firestore's rules: a release names a ruleset, and is pointed to the next one in place.

Google's provider deletes a release to make it again, so that browsers are refused in between and stay refused where the
second half fails; and it cannot take over a release that exists, as any project has that ever had rules.
API: https://firebase.google.com/docs/reference/rules/rest/v1/projects.releases
"""

from __future__ import annotations

from typing import Any

import pulumi
from pulumi import dynamic

API = "https://firebaserules.googleapis.com/v1"
SCOPE = "https://www.googleapis.com/auth/cloud-platform"
PROPERTIES = ("project", "name", "rulesetName")
TIMEOUT = 30  # seconds of one call


class ReleaseFailed(Exception):
    """The API refused; the message has its answer."""


class RulesRelease(dynamic.Resource, module="firebaserules", name="Release"):
    """The release `name` of `project`, which names the ruleset `ruleset`. An existing release is taken over."""

    def __init__(
        self, resource: str, *, project: str, name: str, ruleset: pulumi.Input[str], opts: pulumi.ResourceOptions
    ) -> None:
        """`name`: cloud.firestore, or cloud.firestore/DATABASE. Destroying the stack leaves it, with its rules."""
        properties = {"project": project, "name": name, "rulesetName": ruleset}
        super().__init__(ReleaseProvider(), resource, properties, opts)


class ReleaseProvider(dynamic.ResourceProvider):
    """Creates, changes and reads a release with the credentials that Pulumi is run with.

    Pulumi keeps it pickled, by the name of this module, and runs it in a process of its own: the state of every stack
    names `components.rules_release`, so this file does not move.
    """

    serialize_as_secret_always = False  # it holds nothing

    def __init__(self, api: str = API) -> None:
        """`api`: where the Firebase Rules API answers."""
        super().__init__()
        self.api = api

    def create(self, props: dict[str, Any]) -> dynamic.CreateResult:
        """Points an existing release to the ruleset, or makes one. Raises ReleaseFailed."""
        return dynamic.CreateResult(_full_name(props), self._put(props))

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> dynamic.UpdateResult:
        """Points it to another ruleset. Raises ReleaseFailed."""
        return dynamic.UpdateResult(self._put(_news))

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> dynamic.DiffResult:
        """Another ruleset is a change; another project or name is another release."""
        changed = [key for key in PROPERTIES if _olds.get(key) != _news.get(key)]
        return dynamic.DiffResult(changes=bool(changed), replaces=[key for key in changed if key != "rulesetName"])

    def read(self, id_: str, props: dict[str, Any]) -> dynamic.ReadResult:
        """The ruleset that it names now: rules released by hand show in `pulumi refresh`. Raises ReleaseFailed."""
        answer = self._call("GET", id_, None, props["project"], but=(404,))
        if answer is None:
            return dynamic.ReadResult("", {})
        return dynamic.ReadResult(id_, {**props, "rulesetName": answer["rulesetName"]})

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Keeps the release: without one no browser could read a database that is kept."""

    def _put(self, props: dict[str, Any]) -> dict[str, Any]:
        name, project = _full_name(props), props["project"]
        release = {"name": name, "rulesetName": props["rulesetName"]}
        change = {"release": release}
        if (
            self._call("PATCH", name, change, project, but=(404,)) is None
            and self._call("POST", f"projects/{project}/releases", release, project, but=(409,)) is None
        ):
            self._call("PATCH", name, change, project)  # it was made in between
        return {key: props[key] for key in PROPERTIES}

    def _call(
        self, method: str, path: str, body: dict[str, Any] | None, project: str, but: tuple[int, ...] = ()
    ) -> dict[str, Any] | None:
        """The answer, or None if its status is one of `but`. Raises ReleaseFailed."""
        # Imported where it is needed: the program is evaluated more often than rules are released.
        import google.auth
        from google.auth.transport.requests import AuthorizedSession

        # With a person's credentials the API wants to know whose quota is used.
        credentials, _ = google.auth.default(scopes=[SCOPE], quota_project_id=project)
        with AuthorizedSession(credentials) as session:
            answer = session.request(method, f"{self.api}/{path}", json=body, timeout=TIMEOUT)
        if answer.status_code in but:
            return None
        if not answer.ok:
            raise ReleaseFailed(f"{method} {path}: expected 200, got {answer.status_code}: {answer.text.strip()}")
        return answer.json()


def _full_name(props: dict[str, Any]) -> str:
    return f"projects/{props['project']}/releases/{props['name']}"
