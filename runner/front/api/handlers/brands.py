"""Brands: create, list, get, change, delete; their reference marks."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from msgspec import UNSET, UnsetType
from werkzeug import Response

from pipeline.documents import brands as store
from pipeline.documents import references
from pipeline.domain import names
from pipeline.domain.errors import Conflict, NotFound
from pipeline.domain.model import Brand
from pipeline.domain.people import Role
from pipeline.domain.settings import own_tenant

from ...media import redirected
from ...people.caller import of
from ..models import analysis_answers
from ..models.parameters import Notice, Page
from ..models.requests import BrandChange, NewBrand
from ..requests import answer, json_fields, picture, query

if TYPE_CHECKING:
    from werkzeug import Request

_PICTURE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,80}\.(?:png|jpeg|jpg|webp)")


def create(request: Request) -> Response:
    """Create a brand.

    Without an `id` it gets a free one that is made of its name, unless a brand of the tenant has that name: the case of
    letters, and how accents are encoded, make no other name of it; signs do (Disney, Disney+).
    """
    given, tenant = json_fields(request, NewBrand), of(request).tenant or own_tenant()
    name = given.name.strip()
    if given.id is None and (same := store.named(name, tenant)):
        raise Conflict(f"brand {same.id!r} has the name {same.name!r} already: choose another name or change that one")
    ids = _derived_ids(name, tenant) if given.id is None else iter([names.check_brand(given.id)])
    brand = store.create(replace(Brand("", name, tenant=tenant), **_said(given)), ids, noted=_noted(request))
    response = answer(analysis_answers.BrandAnswer(brand=_shown(brand)), 201)
    response.headers["Location"] = f"{request.script_root}/brands/{brand.id}"
    return response


def list_page(request: Request) -> Response:
    """List the brands of the caller's tenant, in order of their ids."""
    page = query(request, Page)
    found = store.list_all(page.limit + 1, page.after or None, of(request).tenant or None)
    next = found[page.limit - 1].id if len(found) > page.limit else None
    return answer(analysis_answers.BrandPage(brands=[_shown(brand) for brand in found[: page.limit]], next=next))


def get(request: Request, brand: str) -> Response:
    """Get a brand."""
    return answer(analysis_answers.BrandAnswer(brand=_shown(_of_tenant(request, brand))))


def change(request: Request, brand: str) -> Response:
    """Replace the named fields of a brand.

    Streams that run notice it within seconds. A brand that is not enabled is not looked for.
    """
    changes = _said(json_fields(request, BrandChange))
    _of_tenant(request, brand)
    if changes:
        store.change(brand, {k: list(v) if isinstance(v, tuple) else v for k, v in changes.items()})
    return answer(analysis_answers.BrandAnswer(brand=_shown(store.get(brand))))


def delete(request: Request, brand: str) -> Response:
    """Delete a brand with its reference marks.

    Results that name it stay.
    """
    _of_tenant(request, brand)
    store.delete(brand)
    references.delete_all(brand)
    return Response(status=204)


def add_reference(request: Request, brand: str) -> Response:
    """Add a picture of a brand's mark.

    A PNG (transparent around the mark is best), JPEG or WebP of at most 8 MiB and 16 million pixels; at most 20 of a
    brand. The same picture twice is once.
    """
    noted = _noted(request)
    current = _of_tenant(request, brand)
    name = references.add(current, picture(request, references.MAX_BYTES), noted=noted)
    response = answer(analysis_answers.ReferenceAnswer(reference=name, brand=_shown(store.get(brand))), 201)
    response.headers["Location"] = f"{request.script_root}/brands/{brand}/references/{name.rpartition(chr(47))[2]}"
    return response


def show_reference(request: Request, brand: str, name: str) -> Response:
    """Get a picture of a brand's mark.

    An `<img>` reads it through a grant of marks instead.
    """
    if not _PICTURE.fullmatch(name):
        raise NotFound(f"reference mark {name[:80]!r} does not exist: POST a picture first")
    return redirected(names.reference_object(_of_tenant(request, brand).id, name))


def remove_reference(request: Request, brand: str, name: str) -> Response:
    """Delete a picture of a brand's mark."""
    references.remove(_of_tenant(request, brand), name)
    return answer(analysis_answers.BrandAnswer(brand=_shown(store.get(brand))))


def _of_tenant(request: Request, brand: str) -> Brand:
    """The brand. Raises NotFound, also for one of another tenant than the caller's."""
    found, caller = store.get(names.check_brand(brand)), of(request)
    if not caller.reaches(Role.VIEWER, found.tenant):
        raise NotFound(f"brand {brand!r} does not exist")
    return found


def _noted(request: Request) -> bool:
    """Whether running streams are to notice at once. Raises BadRequest."""
    return query(request, Notice).notice == "now"


def _said(given: NewBrand | BrandChange) -> dict[str, Any]:
    """The fields that were given, as `Brand` has them."""
    said = {
        "name": given.name if given.name is UNSET else given.name.strip(),
        "aliases": _each_once(given.aliases),
        "prompts": _each_once(given.prompts),
        "threshold": given.threshold,
        "enabled": given.enabled,
    }
    return {field: value for field, value in said.items() if value is not UNSET}


def _each_once(words: list[str] | UnsetType) -> tuple[str, ...] | UnsetType:
    return words if words is UNSET else tuple(dict.fromkeys(word.strip() for word in words))


def _derived_ids(name: str, tenant: str) -> Iterator[str]:
    """Ids made of a name, to be tried in turn: disney, disney-2, …

    Those of a tenant beside the deployment's own end at random: an id that depends on which are taken would tell what
    brands others look for.
    """
    readable = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:56].strip("-")
    if readable and tenant == own_tenant():
        yield readable
        yield from (f"{readable}-{number}" for number in range(2, 10))
    yield f"{readable or 'brand'}-{secrets.token_hex(3)}"


def _shown(brand: Brand) -> analysis_answers.Brand:
    return analysis_answers.Brand(
        id=brand.id,
        name=brand.name,
        aliases=list(brand.aliases),
        prompts=list(brand.prompts),
        references=list(brand.references),
        threshold=brand.threshold,
        enabled=brand.enabled,
    )
