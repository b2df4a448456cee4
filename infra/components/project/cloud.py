"""The project that everything is declared in: its names, its provider, its APIs."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pulumi
import pulumi_gcp as gcp
import pulumiverse_time as time
from pulumi_gcp import organizations, projects, storage

from .quota import Quota

APIS = (
    "apikeys",
    "artifactregistry",
    "cloudbuild",
    "cloudfunctions",
    "cloudresourcemanager",
    "cloudscheduler",
    "cloudtrace",
    "firebaserules",
    "firestore",
    "iam",
    "iamcredentials",
    "identitytoolkit",
    "logging",
    "monitoring",
    "pubsub",
    "run",
    "secretmanager",
    "securetoken",
    "serviceusage",
    "speech",
    "storage",
    "telemetry",
    "vision",
)

# Google answers before all its servers know of a change: resources that need an API or a grant wait a little.
APIS_SETTLE = "60s"
GRANTS_SETTLE = "90s"


class Cloud:
    """The project, as components see it.

    Resources are named `{stack}-{name}`; buckets, whose names no other project may have, `{project}-{stack}-{name}`.
    All use `provider`, which waits until the APIs are enabled and known.
    """

    def __init__(self, project: str, region: str, quota: Quota | None = None) -> None:
        """`project` is the Google Cloud project's id. Raises ValueError if the stack's name cannot be used."""
        self.project = project
        self.region = region
        self.quota = quota or Quota()
        self.stack = _check_stack(pulumi.get_stack())
        self.labels = {"app": "media-analyzer", "stack": self.stack}  # by which the bill is split
        self._optional: dict[str, pulumi.Resource] = {}
        settled = self._enabled("apis", APIS)
        # The API of API keys needs a project to bill, which a person's own credentials do not name.
        self.provider = gcp.Provider(
            "gcp",
            project=project,
            region=region,
            billing_project=project,
            user_project_override=True,
            default_labels=self.labels,
            opts=pulumi.ResourceOptions(depends_on=[settled]),
        )
        opts = pulumi.ResourceOptions(provider=self.provider)
        self.pubsub_agent = projects.ServiceIdentity("pubsub", service="pubsub.googleapis.com", opts=opts)
        self.storage_agent = storage.get_project_service_account_output(
            project=project, opts=pulumi.InvokeOutputOptions(provider=self.provider, depends_on=[self.provider])
        ).member

    def service_url(self, name: str) -> pulumi.Output[str]:
        """The address that Cloud Run gives the service `name`, known before the service is made.

        https://cloud.google.com/run/docs/triggering/https-request#deterministic
        """
        asked = pulumi.InvokeOutputOptions(provider=self.provider, depends_on=[self.provider])
        number = organizations.get_project_output(project_id=self.project, opts=asked).number
        return pulumi.Output.concat("https://", self.name(name), "-", number, f".{self.region}.run.app")

    def enable(self, api: str) -> pulumi.Resource:
        """Enables an API that not every deployment needs. Resources that use it wait for what this returns."""
        if api not in self._optional:
            self._optional[api] = self._enabled(api, (api,))
        return self._optional[api]

    def _enabled(self, name: str, apis: Sequence[str]) -> pulumi.Resource:
        enabled = [
            projects.Service(api, project=self.project, service=f"{api}.googleapis.com", disable_on_destroy=False)
            for api in apis
        ]
        return time.Sleep(
            name,
            create_duration=APIS_SETTLE,
            triggers={api: api for api in apis},
            opts=pulumi.ResourceOptions(depends_on=enabled),
        )

    def name(self, name: str) -> str:
        """The name of a resource of this project."""
        return f"{self.stack}-{name}"

    def global_name(self, name: str) -> str:
        """A name that no other project has."""
        return f"{self.project}-{self.stack}-{name}"

    def console_links(self, database: str) -> dict[str, str]:
        """Addresses of Google's console, by part of the stack."""
        shown = "-default-" if database == "(default)" else database
        pages = {
            "logs": "logs/query",
            "deadLetters": "cloudpubsub/subscription/list",
            "data": f"firestore/databases/{shown}/data",
            "objects": f"storage/browser/{self.global_name('media')}",
            "functions": "run",
        }
        return {name: f"https://console.cloud.google.com/{page}?project={self.project}" for name, page in pages.items()}


class Component(pulumi.ComponentResource):
    """Base of all components: a group of resources that make one idea, in `cloud`."""

    def __init__(self, name: str, cloud: Cloud) -> None:
        opts = pulumi.ResourceOptions(providers=[cloud.provider])
        super().__init__(f"media:components:{type(self).__name__}", name, None, opts)
        self.cloud = cloud

    def child(
        self, *after: pulumi.Resource | Sequence[pulumi.Resource], replace_first: bool = False
    ) -> pulumi.ResourceOptions:
        """Options of a resource of this component that is made after `after`."""
        return pulumi.ResourceOptions(parent=self, depends_on=_flat(after), delete_before_replace=replace_first)

    def settled(self, name: str, *grants: pulumi.Resource | Sequence[pulumi.Resource]) -> list[pulumi.Resource]:
        """The resource to wait for until `grants` hold everywhere; none without grants.

        `name` is that of the wait, which begins again with another grant.
        """
        given = _flat(grants)
        if not given:
            return []
        ids = {one.pulumi_resource_name: one.id for one in given if isinstance(one, pulumi.CustomResource)}
        return [time.Sleep(name, create_duration=GRANTS_SETTLE, triggers=ids, opts=self.child(given))]


def _flat(items: Sequence[pulumi.Resource | Sequence[pulumi.Resource]]) -> list[pulumi.Resource]:
    return [one for item in items for one in ([item] if isinstance(item, pulumi.Resource) else item)]


def _check_stack(stack: str) -> str:
    # Ids of service accounts have 6 to 30 characters, and ours end in "-rtmp" to "-imports-push".
    if not re.fullmatch(r"[a-z][a-z0-9-]{1,16}", stack):
        raise ValueError(f"invalid stack name {stack!r}: expected 2 to 17 of a-z, 0-9 and '-', for resource names")
    return stack
