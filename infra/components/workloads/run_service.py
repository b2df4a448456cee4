"""Public containers on Cloud Run."""

from __future__ import annotations

import pulumi

from ..access.identity import Identity
from ..project.cloud import Cloud, Component
from .workload import Environment, service


class RunService(Component):
    """A public container that checks its callers itself. It costs nothing while it is not called, unless
    `min_instances` stay warm.

    Cloud Run's own check of callers is turned off instead of granted to `allUsers`: organisations refuse that grant
    (domain restricted sharing), and allow this.
    """

    def __init__(
        self,
        name: str,
        cloud: Cloud,
        *,
        image: pulumi.Input[str],
        identity: Identity,
        environment: Environment,
        max_instances: int,
        concurrency: int,
        min_instances: int = 0,
        cpu: str = "1",
        memory: str = "1Gi",
        timeout: int = 60,
    ) -> None:
        """`concurrency` is requests at once per container, `timeout` the seconds that one may take (3600 at most).

        The container answers `GET /health` on port 8080 within a minute.
        """
        super().__init__(name, cloud)
        declared = service(
            self,
            image=image,
            identity=identity,
            environment=environment,
            limits={"cpu": cpu, "memory": memory},
            max_instances=max_instances,
            min_instances=min_instances,
            concurrency=concurrency,
            timeout=timeout,
            start_seconds=60,
            public=True,
        )
        self.name = declared.name
        self.uri = declared.uri
        self.register_outputs({})
