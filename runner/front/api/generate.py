"""Writes the bodies of requests into `openapi.json`, from their models (`make docs`).

Command: `python -m front.api.generate`. Paths, responses and what is said of them are kept in the file itself.
"""

from __future__ import annotations

import copy
import json
import sys
from collections.abc import Mapping
from typing import Any

from msgspec.json import schema_components

from pipeline.domain.analysis import Settings, StreamSettings

from .handlers.openapi import FILE
from .models.requests import (
    AnalysisChange,
    Announced,
    BrandChange,
    Ended,
    Letters,
    NewBrand,
    NewStream,
    NewUpload,
    Preview,
    Range,
    StreamChange,
)

BODIES: Mapping[tuple[str, str], tuple[Any, ...]] = {
    ("post", "/streams"): (NewStream,),
    ("patch", "/streams/{stream}"): (StreamChange,),
    ("post", "/streams/{stream}/uploads"): (NewUpload,),
    ("post", "/streams/{stream}/sessions/{session}/analyses"): (Range,),
    ("post", "/streams/{stream}/sessions/{session}/preview"): (Preview,),
    ("post", "/events/segments"): (Announced, Ended),
    ("post", "/brands"): (NewBrand,),
    ("patch", "/brands/{brand}"): (BrandChange,),
    ("patch", "/config/analysis"): (AnalysisChange,),
    ("post", "/dead-letters/retry"): (Letters,),
}
"""What each JSON body is, by method and path; of several, one."""


def generated(document: Mapping[str, Any]) -> dict[str, Any]:
    """`document` with the bodies of requests, and the shapes in them, as the models have them."""
    result = copy.deepcopy(dict(document))
    models = [model for body in BODIES.values() for model in body]
    schemas, components = schema_components(
        [*models, Settings, StreamSettings], ref_template="#/components/schemas/{name}"
    )
    of_model = dict(zip(models, schemas, strict=False))
    for (method, path), body in BODIES.items():
        refs = [of_model[model] for model in body]
        schema = refs[0] if len(refs) == 1 else {"oneOf": refs}
        result["paths"][path][method]["requestBody"]["content"]["application/json"]["schema"] = schema
    for component in components.values():
        component.pop("title")  # the name again
        if "enum" in component:
            component.pop("description", None)  # of the domain's class, for its readers
    for name in ("Settings", "StreamSettings"):
        components[f"Stored{name}"] = _stored(components[name], components, whole=True)
    result["components"]["schemas"] |= components
    return result


def _stored(schema: Mapping[str, Any], components: Mapping[str, Any], *, whole: bool) -> dict[str, Any]:
    """Settings as they are answered: nothing is null, a threshold is by kind, and a `whole` one has every field."""
    fields: dict[str, Any] = {}
    for name, field in schema["properties"].items():
        shape: Any = next(one for one in field["anyOf"] if one != {"type": "null"})
        shape = next((one for one in shape.get("anyOf", ()) if "$ref" in one), shape)
        inner = components.get(shape.get("$ref", "").rpartition("/")[2])
        fields[name] = _stored(inner, components, whole=False) if inner else shape
    required = list(fields) if whole else []
    return {"type": "object", "properties": fields, "required": required, "additionalProperties": False}


def main() -> int:
    """Writes the file."""
    FILE.write_text(json.dumps(generated(json.loads(FILE.read_text())), indent=2, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
