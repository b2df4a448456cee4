"""The page's key for Firestore and sign-in. It is public: the rules decide what may be read."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi_gcp import projects

from ..project.cloud import Cloud, Component

SERVICES = ("firestore.googleapis.com", "identitytoolkit.googleapis.com", "securetoken.googleapis.com")


class BrowserKey(Component):
    """An API key that is good for Firestore, Firebase Auth and `services` only, and only from pages of `origins`."""

    def __init__(
        self, name: str, cloud: Cloud, *, origins: Sequence[pulumi.Input[str]], services: Sequence[str] = ()
    ) -> None:
        super().__init__(name, cloud)
        targets = (*SERVICES, *services)
        referrers = projects.ApiKeyRestrictionsBrowserKeyRestrictionsArgs(
            allowed_referrers=[pulumi.Output.concat(origin, "/*") for origin in origins]
        )
        key = projects.ApiKey(
            name,
            # Pulumi makes up its name: that of a deleted key stays taken for 30 days.
            display_name=f"Media Analyzer page ({cloud.stack})",
            restrictions=projects.ApiKeyRestrictionsArgs(
                api_targets=[projects.ApiKeyRestrictionsApiTargetArgs(service=service) for service in targets],
                browser_key_restrictions=referrers,
            ),
            deletion_policy="FORCE",  # else `pulumi destroy` stops at a key that a page has used within a week
            opts=self.child(),
        )
        self.value = key.key_string
        self.register_outputs({})
