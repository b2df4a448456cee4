"""Checks every input against the type hints of Pulumi's own SDK: names, required ones, shapes.

The provider's schema cannot be had without the provider; the SDK was generated from it and says the same.
"""

from __future__ import annotations

import importlib
import inspect
import sys
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from functools import cache
from typing import Any, cast

from pulumi import _types as sdk  # pyright: ignore[reportPrivateUsage]

from .assets import Archive, FileAsset, StringAsset
from .model import Graph, Resource

PACKAGES = {
    "docker-build": "pulumi_docker_build",
    "gcp": "pulumi_gcp",
    "random": "pulumi_random",
    "time": "pulumiverse_time",
}
Fields = dict[str, tuple[Any, bool]]  # by the schema's name: type hint, required


def check(graph: Graph) -> list[str]:
    """The faults, one line each, with the resource and the path of the input."""
    return [line for resource in graph.resources.values() for line in check_resource(resource)]


def check_resource(resource: Resource) -> list[str]:
    """The same for one resource. Providers, components, and what the program itself provides have no schema here."""
    if resource.is_component or resource.type.startswith(("pulumi:", "pulumi-python:")):
        return []
    return list(_object(resource.inputs, _args(resource.type), f"{resource.label}:"))


def takes(token: str) -> frozenset[str]:
    """The inputs of a type, by the schema's names."""
    return frozenset(_fields(_args(token)))


def answers(token: str) -> frozenset[str]:
    """Its outputs, which include what it takes."""
    return frozenset(sdk.resource_types(_owner(token)))


@cache
def _args(token: str) -> type:
    """`gcp:cloudrunv2/service:Service` -> pulumi_gcp.cloudrunv2.service.ServiceArgs"""
    owner = _owner(token)
    return getattr(sys.modules[owner.__module__], f"{owner.__name__}Args")


@cache
def _owner(token: str) -> type:
    package, place, name = token.split(":")
    module = place.split("/")[0]
    base = PACKAGES[package]
    return getattr(importlib.import_module(base if module == "index" else f"{base}.{module}"), name)


@cache
def _fields(args: type) -> Fields:
    init = vars(args)["__init__"]
    hints = typing.get_type_hints(init, globalns=vars(sys.modules[args.__module__]))
    names = sdk.input_type_py_to_pulumi_names(args)
    parameters = inspect.signature(init).parameters.values()
    empty = inspect.Parameter.empty
    return {names[p.name]: (hints[p.name], p.default is empty) for p in parameters if p.name in names}


def _object(value: Mapping[str, Any], args: type, path: str) -> Iterator[str]:
    fields = _fields(args)
    for name, item in value.items():
        if name not in fields:
            yield f"{path}.{name} is not a property; there are {', '.join(sorted(fields))}"
        elif item is not None:
            yield from _value(item, fields[name][0], f"{path}.{name}")
    for name, (_, required) in fields.items():
        if required and value.get(name) is None:
            yield f"{path}.{name} is required"


def _value(value: Any, hint: Any, path: str) -> Iterator[str]:
    """The complaints of the alternative that has fewest; none where one of them fits."""
    found = [list(_alternative(value, one, path)) for one in _alternatives(hint)]
    yield from min(found, key=len, default=[])


def _alternatives(hint: Any) -> list[Any]:
    """The types that Input[Optional[T]] allows once it is resolved: T."""
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        return [one for part in typing.get_args(hint) for one in _alternatives(part)]
    wrapper = str(getattr(origin or hint, "__name__", "")) in ("Awaitable", "Output", "NoneType")
    return [] if wrapper or typing.is_typeddict(hint) else [hint]


def _alternative(value: Any, hint: Any, path: str) -> Iterator[str]:
    origin, parameters = typing.get_origin(hint), typing.get_args(hint)
    if origin in (list, Sequence):
        if not isinstance(value, list):
            yield f"{path} must be a list, not {value!r}"
            return
        for n, item in enumerate(cast("list[Any]", value)):
            yield from _value(item, parameters[0], f"{path}[{n}]")
    elif origin in (dict, Mapping):
        if not isinstance(value, dict):
            yield f"{path} must be a map, not {value!r}"
            return
        for key, item in cast("dict[str, Any]", value).items():
            yield from _value(item, parameters[1], f"{path}.{key}")
    elif inspect.isclass(hint) and sdk.is_input_type(hint):
        if not isinstance(value, dict):
            yield f"{path} must be a {hint.__name__}, not {value!r}"
            return
        yield from _object(cast("dict[str, Any]", value), hint, path)
    else:
        yield from _scalar(value, hint, path)


def _scalar(value: Any, hint: Any, path: str) -> Iterator[str]:
    if hint is Any:
        return
    name = hint.__name__
    if inspect.isclass(hint) and issubclass(hint, Enum):
        fits = value in [member.value for member in hint]
    elif hint in (int, float):
        fits = isinstance(value, (int, float) if hint is float else int) and not isinstance(value, bool)
    elif name in ("Asset", "Archive"):
        fits = isinstance(value, Archive if name == "Archive" else (FileAsset, StringAsset))
    else:
        fits = isinstance(value, hint)
    if not fits:
        yield f"{path} must be {name}, not {value!r}"
