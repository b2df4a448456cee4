"""App Check: Google's services answer the page alone, and no script that has only copied its key."""

from __future__ import annotations

from pulumi_gcp import firebase

from ..project.cloud import Cloud, Component

PROTECTED = ("firestore.googleapis.com", "identitytoolkit.googleapis.com")


class AppCheck(Component):
    """Firestore and Firebase Auth demand a token that reCAPTCHA Enterprise lets the page have.

    Services of this project show Google their own accounts, and need none. `app` is the id of the page's app, which its
    tokens name; `services` are those that the page asks for them.
    """

    def __init__(self, name: str, cloud: Cloud, *, site_key: str) -> None:
        """`site_key`: of a score-based key of reCAPTCHA Enterprise for the page's hosts."""
        super().__init__(name, cloud)
        enabled = [cloud.enable("firebase"), cloud.enable("firebaseappcheck"), cloud.enable("recaptchaenterprise")]
        project = firebase.Project(name, opts=self.child(enabled))
        page = firebase.WebApp(
            name,
            display_name=f"Media Analyzer page ({cloud.stack})",
            deletion_policy="DELETE",
            opts=self.child(project, enabled),
        )
        proof = firebase.AppCheckRecaptchaEnterpriseConfig(
            name, app_id=page.app_id, site_key=site_key, token_ttl="3600s", opts=self.child(page, enabled)
        )
        for service in PROTECTED:
            # After the proof: a service that demands tokens which no page can have is closed to everyone.
            firebase.AppCheckServiceConfig(
                f"{name}-{service.partition('.')[0]}",
                service_id=service,
                enforcement_mode="ENFORCED",
                opts=self.child(proof, enabled),
            )
        self.app = page.app_id
        self.services = ("firebaseappcheck.googleapis.com",)
        self.register_outputs({})
