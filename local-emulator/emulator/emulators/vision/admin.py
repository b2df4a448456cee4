"""Sets a running emulator's quota and latency; prints what is set.

    python -m emulator.emulators.vision.admin --address 127.0.0.1:8085 --latency 2.5 --quota 60
    python -m emulator.emulators.vision.admin --address 127.0.0.1:8085 --latency 0 --quota none

A gRPC call of its own on the emulator's port, whose request and answer are google.protobuf.Struct.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping
from typing import Any

import grpc
from google.protobuf import json_format
from google.protobuf.struct_pb2 import Struct

from ...rpc import Method
from .limits import Limits

SET_LIMITS = "/emulator.vision.Admin/SetLimits"
_TIMEOUT = 5.0  # seconds


def method(limits: Limits) -> Method:
    """The call that changes `limits`."""

    def answer(request: Struct) -> Struct:
        return _struct(limits.set(json_format.MessageToDict(request)))

    return Method(Struct, answer)


def set_limits(address: str, wanted: Mapping[str, float | None]) -> dict[str, float | None]:
    """Sets `latency` (seconds) or `quota` (calls a minute, None: any number); {} only asks. Raises grpc.RpcError."""
    with grpc.insecure_channel(address) as channel:
        call: Any = channel.unary_unary(
            SET_LIMITS, request_serializer=Struct.SerializeToString, response_deserializer=Struct.FromString
        )
        return json_format.MessageToDict(call(_struct(wanted), timeout=_TIMEOUT))


def _struct(values: Mapping[str, float | None]) -> Struct:
    return json_format.ParseDict(dict(values), Struct())


def main() -> int:
    """Exit status: 1 where the emulator refuses or does not answer."""
    parser = argparse.ArgumentParser(prog="python -m emulator.emulators.vision.admin", description="Quota and latency.")
    parser.add_argument("--address", default=os.environ.get("VISION_EMULATOR_HOST"), help="host:port")
    parser.add_argument("--latency", type=float, help="seconds that each call waits")
    parser.add_argument("--quota", help="calls a minute, or none")
    options = parser.parse_args()
    if not options.address:
        parser.error("--address or VISION_EMULATOR_HOST says where the emulator listens")
    wanted: dict[str, float | None] = {}
    if options.latency is not None:
        wanted["latency"] = options.latency
    try:
        if options.quota is not None:
            wanted["quota"] = quota(options.quota)
        set_to = set_limits(options.address, wanted)
    except (grpc.RpcError, argparse.ArgumentTypeError) as error:
        details: Any = getattr(error, "details", None)
        sys.stderr.write(f"{details() if details else error}\n")
        return 1
    sys.stdout.write(json.dumps(set_to) + "\n")
    return 0


def quota(text: str) -> int | None:
    """Calls a minute, or None from `none`. Raises ArgumentTypeError."""
    if text == "none":
        return None
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"a number of calls a minute, or none, not {text!r}") from None


if __name__ == "__main__":
    sys.exit(main())
