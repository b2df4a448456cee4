"""The project that everything is declared in: its names, its provider, its APIs."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pulumi
import pulumi_gcp as gcp
from pulumi_gcp import projects, storage

APIS = (
    "apikeys",
    "artifactregistry",
    "cloudbuild",
    "cloudfunctions",
    "cloudscheduler",
    "cloudtrace",
    "firebaserules",
    "firestore",
    "iam",
    "iamcredentials",
    "logging",
    "monitoring",
    "pubsub",
    "run",
    "secretmanager",
    "speech",
    "storage",
    "telemetry",
    "vision",
)


class Cloud:
    """What components need to know of the project.

    Resources are named `{stack}-{name}`, and buckets, whose names are everybody's, `{project}-{stack}-{name}`. All use
    `provider`, which waits until the APIs are enabled.
    """

    def __init__(self, project: str, region: str) -> None:
        """`project` is the Google Cloud project's id. Raises ValueError where the stack's name cannot be used."""
        self.project = project
        self.region = region
        self.stack = _check_stack(pulumi.get_stack())
        self.labels = {"app": "media-analyzer", "stack": self.stack}  # by which the bill is split
        apis = [
            projects.Service(api, project=project, service=f"{api}.googleapis.com", disable_on_destroy=False)
            for api in APIS
        ]
        # The API that makes API keys wants to know whom to bill: with a person's own credentials that is said here.
        self.provider = gcp.Provider(
            "gcp",
            project=project,
            region=region,
            billing_project=project,
            user_project_override=True,
            default_labels=self.labels,
            opts=pulumi.ResourceOptions(depends_on=apis),
        )
        opts = pulumi.ResourceOptions(provider=self.provider)
        self.pubsub_agent = projects.ServiceIdentity("pubsub", service="pubsub.googleapis.com", opts=opts)
        self.storage_agent = storage.get_project_service_account_output(
            project=project, opts=pulumi.InvokeOutputOptions(provider=self.provider, depends_on=[self.provider])
        ).member

    def name(self, name: str) -> str:
        """The name of a resource of this project."""
        return f"{self.stack}-{name}"

    def global_name(self, name: str) -> str:
        """A name that no other project has."""
        return f"{self.project}-{self.stack}-{name}"

    def console_links(self, database: str) -> dict[str, str]:
        """Where Google's console shows the parts."""
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
        depends = [one for item in after for one in ([item] if isinstance(item, pulumi.Resource) else item)]
        return pulumi.ResourceOptions(parent=self, depends_on=depends, delete_before_replace=replace_first)


def _check_stack(stack: str) -> str:
    # Service accounts have the shortest names, 30 characters: 17 and the longest of ours, "-imports-push".
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,16}", stack):
        raise ValueError(f"the stack's name {stack!r} becomes part of resource names: use 1 to 17 of a-z, 0-9 and '-'")
    return stack
