"""Brands: create, list, get, change, delete; their reference marks."""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from msgspec import UNSET, UnsetType
from werkzeug import Response

from pipeline.documents import brands as store
from pipeline.documents import references
from pipeline.domain import names
from pipeline.domain.errors import BadRequest, NotFound
from pipeline.domain.model import Brand

from ...media import redirected
from ..models.requests import BrandChange, NewBrand
from ..requests import json_fields, json_response, limit_of, picture

if TYPE_CHECKING:
    from werkzeug import Request

_PICTURE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,80}\.(?:png|jpeg|jpg|webp)")


def create(request: Request) -> Response:
    """POST /brands?notice= {"name", "id"?, "aliases"?, "prompts"?, "threshold"?, "enabled"?}: 201 with the brand."""
    given = json_fields(request, NewBrand)
    name = given.name.strip()
    brand = replace(Brand(names.check_brand(_derived_id(name) if given.id is None else given.id), name), **_said(given))
    store.create(brand, noted=_noted(request))
    response = json_response({"brand": _shown(brand)}, 201)
    response.headers["Location"] = f"{request.script_root}/brands/{brand.id}"
    return response


def list_page(request: Request) -> Response:
    """GET /brands?limit=&after=: {"brands", "next"}; `next` is the `after` of the next page, null on the last."""
    limit = limit_of(request.args.get("limit"))
    after = request.args.get("after")
    found = store.list_all(limit + 1, None if after is None else names.check_brand(after))
    more = len(found) > limit
    return json_response(
        {"brands": [_shown(brand) for brand in found[:limit]], "next": found[limit - 1].id if more else None}
    )


def get(request: Request, brand: str) -> Response:
    """GET /brands/{brand}"""
    return json_response({"brand": _shown(store.get(names.check_brand(brand)))})


def change(request: Request, brand: str) -> Response:
    """PATCH /brands/{brand}: what is named is replaced, the rest stays. One that is not enabled is not looked for."""
    changes = _said(json_fields(request, BrandChange))
    names.check_brand(brand)
    if changes:
        store.change(brand, {k: list(v) if isinstance(v, tuple) else v for k, v in changes.items()})
    return json_response({"brand": _shown(store.get(brand))})


def delete(request: Request, brand: str) -> Response:
    """DELETE /brands/{brand}: 204; its reference marks go too. What was found of it stays in the results."""
    store.get(names.check_brand(brand))
    store.delete(brand)
    references.delete_all(brand)
    return Response(status=204)


def add_reference(request: Request, brand: str) -> Response:
    """POST /brands/{brand}/references?notice=, the picture as its body: 201 with the brand. Twice the same is once."""
    noted = _noted(request)
    current = store.get(names.check_brand(brand))
    name = references.add(current, picture(request, references.MAX_BYTES), noted=noted)
    response = json_response({"reference": name, "brand": _shown(store.get(brand))}, 201)
    response.headers["Location"] = f"{request.script_root}/brands/{brand}/references/{name.rpartition(chr(47))[2]}"
    return response


def show_reference(request: Request, brand: str, name: str) -> Response:
    """GET /brands/{brand}/references/{name}: 302 to the picture."""
    if not _PICTURE.fullmatch(name):
        raise NotFound(f"reference mark {name[:80]!r} does not exist: POST a picture first")
    return redirected(names.reference_object(names.check_brand(brand), name))


def remove_reference(request: Request, brand: str, name: str) -> Response:
    """DELETE /brands/{brand}/references/{name}: 200 with the brand."""
    references.remove(store.get(names.check_brand(brand)), name)
    return json_response({"brand": _shown(store.get(brand))})


def _noted(request: Request) -> bool:
    """Whether running streams are to notice at once. Raises BadRequest."""
    given = request.args.get("notice", "now")
    if given not in ("now", "later"):
        raise BadRequest(f"'notice' must be now or later, not {given[:80]!r}")
    return given == "now"


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


def _derived_id(name: str) -> str:
    """Made of the name: two brands of one name are rare, and refused."""
    readable = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60].strip("-")
    return readable or f"brand-{secrets.token_hex(3)}"


def _shown(brand: Brand) -> dict[str, Any]:
    """A brand as the API shows it."""
    return {
        "id": brand.id,
        "name": brand.name,
        "aliases": list(brand.aliases),
        "prompts": list(brand.prompts),
        "references": list(brand.references),
        "threshold": brand.threshold,
        "enabled": brand.enabled,
    }
