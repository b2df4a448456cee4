"""Callers and their rights: those of a token's account or of a signer by the bucket's policy, and those of `allUsers`.

The project's owner may do everything. An emulator without `owner`, as one that runs alone, takes every request with an
`Authorization` header or a signature for the owner's; a request without either has the rights of `allUsers`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import ApiError, denied, invalid_credentials
from ..identity import conditions
from ..identity.roles import ROLES
from ..model import Bucket, StoredObject
from ..transfer.http import Request

if TYPE_CHECKING:
    from ..api import Api

_PUBLIC = ("allUsers", "allAuthenticatedUsers")


@dataclass(frozen=True, slots=True)
class Caller:
    """The sender of a request: `account` is an e-mail address, None if it is anonymous."""

    account: str | None
    owner: bool = False


ANONYMOUS = Caller(None)


def caller(api: Api, request: Request) -> Caller:
    """The caller that the `Authorization` header names. Raises 401 for a token that is not good."""
    header = request.headers.get("authorization")
    if header is None:
        return ANONYMOUS
    if api.owner is None:
        return Caller("owner", owner=True)
    scheme, _, token = header.partition(" ")
    account = api.tokens.account(token.strip()) if scheme.lower() == "bearer" else None
    if account is None:
        raise invalid_credentials()
    return signer(api, account)


def signer(api: Api, account: str) -> Caller:
    """The caller whose account is known to be `account`."""
    return Caller(account, owner=api.owner in (None, account))


def require(api: Api, who: Caller, permission: str, bucket: str | None = None, name: str | None = None) -> None:
    """Raises 401 or 403 unless `who` may. Without a bucket: in the project, where only the owner may do anything.

    A bucket that is not there is left to the call itself. An object that is not there is hidden from who may not list.
    """
    where = api.buckets.find(bucket) if bucket is not None else None
    if who.owner or (bucket is not None and where is None):
        return
    if where is None:
        raise denied(who.account, permission, "project")
    if not allowed(where, who, permission, name):
        stored = api.catalog.live(where.name, name) if name is not None else None
        if permission != "storage.objects.get" or stored is None or not _listed(where, who, stored):
            raise denied(who.account, permission, "bucket" if name is None else "object")
    elif permission == "storage.objects.get" and _hidden(api, where, who, name):
        raise denied(who.account, permission, "object")


def require_write(api: Api, who: Caller, bucket: str, name: str) -> None:
    """Raises unless `who` may write the object: create it, and delete what is there where it would be overwritten."""
    require(api, who, "storage.objects.create", bucket, name)
    if not who.owner and api.catalog.live(bucket, name) is not None:
        require(api, who, "storage.objects.delete", bucket, name)


def allowed(bucket: Bucket, who: Caller, permission: str, name: str | None = None) -> bool:
    """Whether the bucket's policy grants `permission` in the bucket, or on the object `name`."""
    return who.owner or any(
        permission in ROLES.get(binding["role"], ())
        and any(_is(member, who, bucket) for member in binding.get("members", ()))
        and _holds(binding.get("condition"), bucket.name, name)
        for binding in (bucket.policy or {}).get("bindings", [])
    )


def _hidden(api: Api, bucket: Bucket, who: Caller, name: str | None) -> bool:
    """Whether there is no such object, and `who` may not know that."""
    missing = name is not None and api.catalog.live(bucket.name, name) is None
    return missing and not allowed(bucket, who, "storage.objects.list")


def is_public(bucket: Bucket, stored: StoredObject) -> bool:
    """Whether everyone may read the object, by the bucket's policy or the object's access list: for caches."""
    return allowed(bucket, ANONYMOUS, "storage.objects.get", stored.name) or _listed(bucket, ANONYMOUS, stored)


def _is(member: str, who: Caller, bucket: Bucket) -> bool:
    if member in _PUBLIC:
        return not prevented(bucket) and (member == "allUsers" or who.account is not None)
    return who.account is not None and member in (f"serviceAccount:{who.account}", f"user:{who.account}")


def _holds(condition: dict[str, Any] | None, bucket: str, name: str | None) -> bool:
    return condition is None or conditions.holds(condition["expression"], bucket, name)


def _listed(bucket: Bucket, who: Caller, stored: StoredObject) -> bool:
    """Whether the object's own access list lets `who` read it."""
    entities = {entry.get("entity") for entry in stored.fields.get("acl") or ()}
    public = "allUsers" in entities or ("allAuthenticatedUsers" in entities and who.account is not None)
    return public and not prevented(bucket)


def prevented(bucket: Bucket) -> bool:
    """Whether public access prevention is enforced."""
    return bucket.fields.get("iamConfiguration", {}).get("publicAccessPrevention") == "enforced"


def check_policy(bucket: Bucket, bindings: list[Any], version: int) -> None:
    """Raises 400 and 412 for bindings that Google refuses, and 400 for a role or condition not known here."""
    for binding in bindings:
        role, members = binding.get("role"), binding.get("members", [])
        if role not in ROLES:
            raise ApiError(400, "invalid", f"Role {role} is not supported for this resource.")
        if prevented(bucket) and set(members) & set(_PUBLIC):
            message = (
                "The member bindings allUsers and allAuthenticatedUsers are not allowed since public access prevention"
                " is enforced."
            )
            raise ApiError(412, "conditionNotMet", message, xml="PreconditionFailed")
        if condition := binding.get("condition"):
            if version != 3:
                raise ApiError(400, "invalid", "Policies with conditional role bindings must specify version 3.")
            conditions.check(condition.get("expression", ""))
