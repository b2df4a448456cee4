"""A small machine for RTMP, which Cloud Run cannot take: nginx and the relay in one container."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
from pulumi_gcp import compute

from ..access.identity import Identity
from ..project.cloud import Cloud, Component

PORT = 1935
_SYSTEM = "cos-cloud/cos-stable"  # Container-Optimised OS: it updates itself, and holds Docker and nothing else

# Runs at every boot. The image and its environment are in the machine's own metadata, beside this.
#
# A C module parses the bytes of strangers, so that the container may do nothing else: no capability, nothing to write
# but a small /tmp, and of the metadata server, which hands out the machine's identity, the name service (53) alone. One
# address opens a few connections. Docker asks the chain DOCKER-USER before it lets a packet to or from a container.
_BOOT = """#cloud-config
write_files:
- path: /etc/rtmp-firewall
  content: |
    add() { iptables --wait --check DOCKER-USER "$@" 2>/dev/null || iptables --wait --insert DOCKER-USER "$@"; }
    add --protocol tcp --destination 169.254.169.254 ! --dport 53 --jump REJECT || exit 1
    add --protocol tcp --dport 1935 --syn --match connlimit --connlimit-above 8 --connlimit-mask 32 --jump REJECT
    add --protocol tcp --dport 1935 --syn --match hashlimit --hashlimit-name rtmp --hashlimit-mode srcip \\
      --hashlimit-above 60/minute --hashlimit-burst 20 --jump REJECT
    exit 0
- path: /etc/systemd/system/rtmp.service
  content: |
    [Unit]
    Description=RTMP relay
    Wants=network-online.target docker.service
    After=network-online.target docker.service
    [Service]
    Environment=HOME=/home/chronos
    ExecStartPre=/bin/sh /etc/rtmp-firewall
    ExecStartPre=/usr/bin/docker-credential-gcr configure-docker --registries=REGISTRY
    ExecStartPre=-/usr/bin/docker rm --force rtmp
    ExecStartPre=/bin/sh -c 'curl -sSf -H "Metadata-Flavor: Google" METADATA/environment > /run/rtmp.env'
    ExecStart=/bin/sh -c 'exec docker run --rm --name rtmp --publish 1935:1935 --env-file /run/rtmp.env \\
      --cap-drop ALL --security-opt no-new-privileges --read-only --tmpfs /tmp:size=16m --pids-limit 2048 \\
      "$$(curl -sSf -H "Metadata-Flavor: Google" METADATA/image)"'
    ExecStop=/usr/bin/docker stop --time 10 rtmp
    Restart=always
    RestartSec=5
runcmd:
- systemctl daemon-reload
- systemctl start rtmp.service
"""
_METADATA = "http://metadata.google.internal/computeMetadata/v1/instance/attributes"


class RtmpServer(Component):
    """One machine with an address of its own. Port 1935 is open to all; publishing needs a stream's key."""

    def __init__(
        self,
        name: str,
        cloud: Cloud,
        *,
        image: pulumi.Input[str],
        identity: Identity,
        environment: Mapping[str, pulumi.Input[str]],
        machine: str,
    ) -> None:
        """`machine` is a machine type. Another image or environment is another machine, at the same address."""
        super().__init__(name, cloud)
        enabled = cloud.enable("compute")
        network = compute.Network(name, name=cloud.name(name), auto_create_subnetworks=True, opts=self.child(enabled))
        address = compute.Address(name, name=cloud.name(name), region=cloud.region, opts=self.child(enabled))
        compute.Firewall(
            name,
            name=cloud.name(name),
            network=network.self_link,
            allows=[compute.FirewallAllowArgs(protocol="tcp", ports=[str(PORT)])],
            source_ranges=["0.0.0.0/0"],
            target_service_accounts=[identity.email],
            opts=self.child(),
        )
        lines = [pulumi.Output.concat(key, "=", value) for key, value in environment.items()]
        compute.Instance(
            name,
            name=cloud.name(name),
            zone=f"{cloud.region}-b",
            machine_type=machine,
            boot_disk=compute.InstanceBootDiskArgs(
                initialize_params=compute.InstanceBootDiskInitializeParamsArgs(
                    image=_SYSTEM, size=10, labels=cloud.labels
                )
            ),
            network_interfaces=[
                compute.InstanceNetworkInterfaceArgs(
                    network=network.self_link,
                    access_configs=[compute.InstanceNetworkInterfaceAccessConfigArgs(nat_ip=address.address)],
                )
            ],
            service_account=compute.InstanceServiceAccountArgs(email=identity.email, scopes=["cloud-platform"]),
            shielded_instance_config=compute.InstanceShieldedInstanceConfigArgs(enable_secure_boot=True),
            metadata={
                "image": image,
                "environment": pulumi.Output.all(*lines).apply("\n".join),
                "user-data": _BOOT.replace("REGISTRY", f"{cloud.region}-docker.pkg.dev").replace("METADATA", _METADATA),
                "google-logging-enabled": "true",
                "block-project-ssh-keys": "true",
            },
            opts=pulumi.ResourceOptions.merge(
                self.child(self.settled(name, identity.grants), replace_first=True),
                pulumi.ResourceOptions(replace_on_changes=["metadata"]),
            ),
        )
        self.address = address.address
        self.url = pulumi.Output.concat("rtmp://", address.address, "/live")
        self.register_outputs({})
