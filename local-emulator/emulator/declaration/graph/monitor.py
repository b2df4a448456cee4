"""Stands where Pulumi's engine would: takes every registration, answers as the cloud would, keeps the graph."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks
from pulumi.runtime.proto import resource_pb2

from . import kinds
from .errors import DuplicateUrn, GraphError, NoAnswer, UnknownType, UnresolvedInput
from .model import Graph, Resource
from .outputs import Declared, World, answer, outputs
from .wire import SECRET, SIGNATURE, Decoder

STACK = "pulumi:pulumi:Stack"


class Monitor(MockMonitor):
    """Pulumi's mock monitor, with what it lacks: dependencies, secrets, exports, and errors that name the resource.

    The first error is kept in `error`: what surfaces through the SDK may be a consequence of it.
    """

    def __init__(self, world: World, base: Path) -> None:
        super().__init__(_NoMocks())
        self.world = world
        self.base = base
        self.graph: dict[str, Resource] = {}
        self.exports: dict[str, Any] = {}
        self.secret_exports: tuple[str, ...] = ()
        self.error: GraphError | None = None

    def finished(self) -> Graph:
        """The captured resources."""
        return Graph(_in_order(self.graph), self.exports, self.secret_exports)

    def RegisterResource(self, request: Any) -> Any:
        """Called by the SDK for each resource, from several threads at once."""
        if request.type == STACK:
            return super().RegisterResource(request)
        return self._noting(lambda: self._register(request))

    def RegisterResourceOutputs(self, request: Any) -> Any:
        """Called for components, and for the stack with what the program exports."""
        if STACK in request.urn:
            decoder = Decoder(self.base)
            self.exports = decoder.properties(request.outputs)
            self.secret_exports = tuple(decoder.secrets)
            if decoder.unknown:
                self.error = self.error or UnresolvedInput(f"the exports {decoder.unknown} stay unknown")
        return empty_pb2.Empty()

    def Invoke(self, request: Any) -> Any:
        """Called for the provider's functions."""

        def invoke() -> Any:
            args = Decoder(self.base).properties(request.args)
            found = answer(self.world, request.tok, args)
            if found is None:
                raise NoAnswer(
                    f"{request.tok}({args}): add what it returns to ANSWERS in emulator/declaration/graph/outputs.py"
                )
            response = resource_pb2.ResourceInvokeResponse()
            getattr(response, "return").CopyFrom(_struct(found))
            return response

        return self._noting(invoke)

    def _noting(self, work: Callable[[], Any]) -> Any:
        try:
            return work()
        except GraphError as error:
            self.error = self.error or error
            raise

    def _register(self, request: Any) -> Any:
        label = f"{request.type.rsplit(':', 1)[-1]} {request.name}"
        if not kinds.is_known(request.type):
            raise UnknownType(
                f"{label}: {request.type} is on no list of declaration/graph/kinds.py: realise it or say why not"
            )
        parent = "" if STACK in request.parent else request.parent
        urn = self.make_urn(parent, request.type, request.name)
        if urn in self.graph:
            raise DuplicateUrn(f"{label}: declared twice ({urn})")
        decoder = Decoder(self.base)
        inputs = decoder.properties(request.object)
        if decoder.unknown:
            raise UnresolvedInput(f"{label}: {', '.join(decoder.unknown)} would still be unknown after a deployment")
        id_, outs = outputs(Declared(request.type, request.name, inputs, self.world)) if request.custom else ("", {})
        kept = {key: _bare(value) for key, value in outs.items()}
        self.graph[urn] = Resource(
            urn=urn, type=request.type, name=request.name, inputs=inputs, outputs=kept, id=id_,
            depends=_before(request), secrets=tuple(decoder.secrets), parent=parent,
        )  # fmt: skip
        answered = struct_pb2.Struct()
        answered.CopyFrom(request.object)  # inputs go back as they came: assets, secrets
        answered.update({key: value for key, value in outs.items() if key not in inputs or value != inputs[key]})
        return resource_pb2.RegisterResourceResponse(urn=urn, id=id_, object=answered)


class _NoMocks(Mocks):
    """The base class asks for one; `Monitor` answers itself."""

    def call(self, args: MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        raise NotImplementedError(args.token)

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        raise NotImplementedError(args.typ)


def _before(request: Any) -> tuple[str, ...]:
    """URNs of what it is made after: what it depends on, and its provider, whose reference is URN::id."""
    provider = request.provider.rpartition("::")[0]
    return tuple(sorted({*request.dependencies, *([provider] if provider else [])}))


def _in_order(resources: dict[str, Resource]) -> dict[str, Resource]:
    """The same resources in one order, whatever order the threads registered them in: by depth, then by name."""
    depths: dict[str, int] = {}

    def depth(urn: str) -> int:
        if urn not in depths:
            before = (*resources[urn].depends, resources[urn].parent)
            depths[urn] = 1 + max((depth(other) for other in before if other in resources), default=0)
        return depths[urn]

    return {urn: resources[urn] for urn in sorted(resources, key=lambda urn: (depth(urn), urn))}


def _struct(values: dict[str, Any]) -> struct_pb2.Struct:
    struct = struct_pb2.Struct()
    struct.update(values)
    return struct


def _bare(value: Any) -> Any:
    if isinstance(value, dict) and value.get(SIGNATURE) == SECRET:
        return value["value"]
    return value
