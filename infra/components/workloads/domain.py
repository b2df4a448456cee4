"""A host name in front of a service, with a certificate that Google renews and a CDN for what may be cached."""

from __future__ import annotations

import re

import pulumi
from pulumi_gcp import compute

from ..project.cloud import Cloud, Component
from .run_service import RunService

EXTERNAL = "EXTERNAL_MANAGED"  # Google's global load balancer for HTTP
_HOST = re.compile(r"(?=.{4,63}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")  # a certificate's limit


class Domain(Component):
    """Leads https://`host` to `service`, and http:// to https://. `address` is where the host's A record must point.

    Google issues the certificate once it does, within the hour as a rule. The CDN keeps only answers whose
    Cache-Control is public. It is billed while it is there.
    """

    def __init__(self, name: str, cloud: Cloud, *, host: str, service: RunService) -> None:
        """Raises ValueError if `host` is not a host name."""
        if not _HOST.fullmatch(host):
            raise ValueError(f"invalid domain={host!r}: expected a host name in small letters, as watch.example.com")
        super().__init__(name, cloud)
        self._enabled = cloud.enable("compute")
        self.url = f"https://{host}"
        address = compute.GlobalAddress(name, name=cloud.name(name), opts=self._child())
        self.address = address.address
        secure = compute.TargetHttpsProxy(
            name,
            name=cloud.name(name),
            url_map=self._to(service).id,
            ssl_certificates=[self._certificate(host).id],
            ssl_policy=self._modern().id,
            opts=self._child(),
        )
        plain = compute.TargetHttpProxy(name, name=cloud.name(name), url_map=self._to_https().id, opts=self._child())
        self._listen(name, "443", address, secure.id)
        self._listen(f"{name}-http", "80", address, plain.id)
        self.register_outputs({})

    def _child(self) -> pulumi.ResourceOptions:
        return self.child(self._enabled)

    def _to(self, service: RunService) -> compute.URLMap:
        name = self.pulumi_resource_name
        group = compute.RegionNetworkEndpointGroup(
            # What is in use cannot be deleted, so another one is made first: Pulumi gives it a name of its own.
            name,
            region=self.cloud.region,
            network_endpoint_type="SERVERLESS",
            cloud_run=compute.RegionNetworkEndpointGroupCloudRunArgs(service=service.name),
            opts=self._child(),
        )
        backend = compute.BackendService(
            name,
            name=self.cloud.name(name),
            load_balancing_scheme=EXTERNAL,
            protocol="HTTPS",
            backends=[compute.BackendServiceBackendArgs(group=group.id)],
            enable_cdn=True,
            cdn_policy=compute.BackendServiceCdnPolicyArgs(
                cache_mode="USE_ORIGIN_HEADERS",
                cache_key_policy=compute.BackendServiceCdnPolicyCacheKeyPolicyArgs(
                    include_host=True, include_protocol=True, include_query_string=True
                ),
            ),
            compression_mode="DISABLED",  # the page's files are compressed when they are built
            opts=self._child(),
        )
        return compute.URLMap(name, name=self.cloud.name(name), default_service=backend.id, opts=self._child())

    def _to_https(self) -> compute.URLMap:
        name = f"{self.pulumi_resource_name}-http"
        redirect = compute.URLMapDefaultUrlRedirectArgs(
            https_redirect=True, redirect_response_code="MOVED_PERMANENTLY_DEFAULT", strip_query=False
        )
        return compute.URLMap(name, name=self.cloud.name(name), default_url_redirect=redirect, opts=self._child())

    def _certificate(self, host: str) -> compute.ManagedSslCertificate:
        return compute.ManagedSslCertificate(
            self.pulumi_resource_name,  # named by Pulumi, as the group is: another host is another certificate
            managed=compute.ManagedSslCertificateManagedArgs(domains=[host]),
            opts=self._child(),
        )

    def _modern(self) -> compute.SSLPolicy:
        name = self.pulumi_resource_name
        return compute.SSLPolicy(
            name, name=self.cloud.name(name), profile="MODERN", min_tls_version="TLS_1_2", opts=self._child()
        )

    def _listen(self, name: str, port: str, address: compute.GlobalAddress, target: pulumi.Output[str]) -> None:
        compute.GlobalForwardingRule(
            name,
            name=self.cloud.name(name),
            load_balancing_scheme=EXTERNAL,
            ip_address=address.address,
            port_range=port,
            target=target,
            opts=self._child(),
        )
