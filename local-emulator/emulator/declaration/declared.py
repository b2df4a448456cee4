"""The declaration of infra/, evaluated with the settings of a local stack."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

from ..declaration.endpoints import Endpoints
from ..errors import Unrealisable
from ..paths import PROJECT, ROOT, StackPaths
from ..processes.ports import Ports
from .clip_model import clip_model
from .cloud import FRAMES_PER_HOUR
from .environment import Addresses
from .graph import Graph, GraphError, address, load_or_evaluate
from .realise import Context, check, nginx_takes_rtmp


@dataclass(frozen=True, slots=True)
class Declaration:
    """The evaluated program, and where its emulators are."""

    graph: Graph
    addresses: Addresses
    ports: Ports

    def context(self, paths: StackPaths, instances: int = 1) -> Context:
        """The input of the realisers. `instances`: so many of each service and function that may have them."""
        return Context(self.graph, PROJECT, self.addresses, self.ports, paths.run, instances=instances)

    def endpoints(self, console: str) -> Endpoints:
        """The addresses of the stack, from the program's exports."""
        exports = self.graph.exports
        return Endpoints(
            project=PROJECT,
            storage=self.addresses.storage,
            pubsub=self.addresses.pubsub,
            firestore=self.addresses.firestore,
            vision=self.addresses.vision,
            run=self.addresses.run,
            speech=self.addresses.speech,
            auth=self.addresses.auth,
            media_bucket=exports["mediaBucket"],
            uploads_bucket=exports["uploadsBucket"],
            ingest=exports["ingestUrl"],
            api=exports["apiUrl"],
            web=exports["webUrl"],
            console=console,
            admin_key=exports["adminKey"],
            rtmp=exports.get("rtmpUrl", ""),
        )


_LOCAL = {"detectProviders": "local", "detectKinds": "logo,text,object,face"}  # VISION=local


def _clip(say: Callable[[str], None]) -> dict[str, str]:
    """A CLIP service: one on another machine (CLIP_URL, CLIP_KEY), or one here with the models that LOCAL_CLIP and
    LOCAL_OWL name."""
    url, model, owl = (os.environ.get(name, "") for name in ("CLIP_URL", "LOCAL_CLIP", "LOCAL_OWL"))
    if url and model:
        raise Unrealisable(f"CLIP_URL={url} and LOCAL_CLIP={model} name two CLIP services: leave one of them out")
    if url:
        return {"clipUrl": url, "clipKey": os.environ.get("CLIP_KEY", "")}
    if not model:
        if owl:
            raise Unrealisable(f"LOCAL_OWL={owl} is a second model of the CLIP service: set LOCAL_CLIP too")
        return {}
    if find_spec("torch") is None:
        raise Unrealisable(
            f"LOCAL_CLIP={model}, but torch is not installed: `LOCAL_CLIP={model} make setup` installs it"
        )
    second = {"owlModel": str(clip_model(owl, say, variable="LOCAL_OWL"))} if owl else {}
    return {"clipService": "true", "clipModel": str(clip_model(model, say)), "clipDevice": "auto", **second}


def declare(paths: StackPaths, addresses: Addresses, ports: Ports, say: Callable[[str], None]) -> Declaration:
    """Evaluates infra/ for this stack; `say` is told what takes long. Raises Unrealisable, which names the resource."""
    config = {
        **_clip(say),
        **(_LOCAL if "vision" in addresses.cloud.spared else {}),
        "firestoreEmulator": address("firestore"),
        "frontUrl": f"http://{address('front')}",
        "authEmulator": address("auth"),
        "signIn": "password",  # the emulator sends no e-mail
        "telemetryUrl": f"http://{address('console')}",
        "rtmpServer": str(nginx_takes_rtmp()).lower(),
        "deliveriesPrivate": "true",  # alerts may go to a server on this machine
        "placesPrivate": "true",  # a CLIP service on this machine or in its network
        # An event that failed while its function was restarted is wanted again soon; in the cloud it can wait.
        "deliveryAttempts": "5",
        "retryMinSeconds": "1",
        "retryMaxSeconds": "10",
        "minInstances": "1",  # who brings a stack up wants to use it now
        # The sample clip never rests: an emulator bills no one, Google does.
        "sampleCallsPerHour": str(FRAMES_PER_HOUR) if "vision" in addresses.cloud.services else "3600",
    }
    try:
        graph = load_or_evaluate(
            ROOT, project=PROJECT, stack=paths.name, config=config, ports=ports, cache=paths.base / "graph"
        )
    except GraphError as error:
        raise Unrealisable(f"infra/: {error}") from error
    check(graph)
    return Declaration(graph, addresses, ports)
