"""The cloud's answers: the outputs of each resource type, and of the provider's functions.

One small function each, in `OUTPUTS` and `ANSWERS`. Values are derived from names, never counted: resources register
concurrently, and the same program must give the same graph.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .model import address
from .wire import secret

NUMBER = "123456789012"  # the project's number, as Google's own service accounts carry it


@dataclass(frozen=True, slots=True)
class World:
    """The project that is pretended. `local`: servers answer at `address(name)` instead of Google's hosts."""

    project: str
    stack: str
    local: bool
    number: str = NUMBER


@dataclass(frozen=True, slots=True)
class Declared:
    """A resource as declared: its logical name and resolved inputs."""

    type: str
    name: str
    inputs: dict[str, Any]
    world: World

    @property
    def project(self) -> str:
        """The project it belongs to."""
        return self.inputs.get("project") or self.world.project

    @property
    def cloud_name(self) -> str:
        """Its declared name, or one such as Pulumi would make up."""
        return self.inputs.get("name") or f"{self.name}-{digest(self.type, self.name)[:7]}"

    def path(self, *parts: str) -> str:
        """projects/{project}/{parts}"""
        return "/".join(("projects", self.project, *parts))

    def uri(self, host: str) -> str:
        """Its address."""
        return f"http://{address(self.name)}" if self.world.local else f"https://{host}"


Answer = tuple[str, dict[str, Any]]


def digest(*parts: str) -> str:
    """40 hexadecimal digits that depend on nothing but `parts`."""
    return hashlib.sha1("/".join(parts).encode()).hexdigest()


def outputs(declared: Declared) -> Answer:
    """The id and the outputs: the inputs, a name and a project where the type has them, and what the type adds."""
    id_, added = OUTPUTS.get(declared.type, _plain)(declared)
    return id_, {**declared.inputs, **added}


def answer(world: World, token: str, args: dict[str, Any]) -> dict[str, Any] | None:
    """The answer of the provider's function `token`; None if there is no answer in `ANSWERS`."""
    found = ANSWERS.get(token)
    return found(world, args) if found else None


def _plain(d: Declared) -> Answer:
    return f"{d.name}-id", {}


def _bucket(d: Declared) -> Answer:
    name = d.cloud_name
    return name, {"name": name, "project": d.project, "url": f"gs://{name}"}


def _object(d: Declared) -> Answer:
    name, bucket = d.cloud_name, d.inputs["bucket"]
    link = f"https://storage.googleapis.com/{bucket}/{name}"
    return f"{bucket}-{name}", {"name": name, "outputName": name, "generation": 1, "mediaLink": link}


def _hmac_key(d: Declared) -> Answer:
    access_id = f"GOOG1E{digest(d.world.project, d.world.stack, d.name).upper()}"
    text = hashlib.sha256(f"hmac/{d.world.project}/{d.world.stack}/{d.name}".encode()).hexdigest()[:40]
    id_ = d.path("hmacKeys", access_id)
    return id_, {"accessId": access_id, "secret": secret(text), "project": d.project, "state": "ACTIVE"}


def _topic(d: Declared) -> Answer:
    return d.path("topics", d.cloud_name), {"name": d.cloud_name, "project": d.project}


def _subscription(d: Declared) -> Answer:
    return d.path("subscriptions", d.cloud_name), {"name": d.cloud_name, "project": d.project}


def _account(d: Declared) -> Answer:
    email = f"{d.inputs['accountId']}@{d.project}.iam.gserviceaccount.com"
    name = d.path("serviceAccounts", email)
    return name, {"email": email, "member": f"serviceAccount:{email}", "name": name, "project": d.project}


def service_agent(service: str, number: str = NUMBER) -> str:
    """The e-mail address of a service's own account in the project with this number."""
    return f"service-{number}@gcp-sa-{service}.iam.gserviceaccount.com"


def _service_identity(d: Declared) -> Answer:
    service = d.inputs["service"]
    email = service_agent(service.split(".")[0], d.world.number)
    return d.path("services", service), {"email": email, "member": f"serviceAccount:{email}", "project": d.project}


def _run_service(d: Declared) -> Answer:
    name, location = d.cloud_name, d.inputs["location"]
    uri = d.uri(f"{name}-{d.world.number}.{location}.run.app")
    return d.path("locations", location, "services", name), {"name": name, "project": d.project, "uri": uri}


def _run_job(d: Declared) -> Answer:
    name, location = d.cloud_name, d.inputs["location"]
    return d.path("locations", location, "jobs", name), {"name": name, "project": d.project}


def _function(d: Declared) -> Answer:
    name, location = d.cloud_name, d.inputs["location"]
    uri = d.uri(f"{name}-{d.world.number}.{location}.run.app")
    service = d.path("locations", location, "services", name)
    config = {**d.inputs.get("serviceConfig", {}), "uri": uri, "service": service}
    url = uri if d.world.local else f"https://{location}-{d.project}.cloudfunctions.net/{name}"
    id_ = d.path("locations", location, "functions", name)
    return id_, {"name": name, "project": d.project, "url": url, "serviceConfig": config}


def _secret(d: Declared) -> Answer:
    name = f"projects/{d.world.number}/secrets/{d.inputs['secretId']}"
    return d.path("secrets", d.inputs["secretId"]), {"name": name, "project": d.project}


def _secret_version(d: Declared) -> Answer:
    name = f"{d.inputs['secret']}/versions/1"
    return name, {"name": name, "version": "1", "secretData": secret(d.inputs["secretData"])}


def _database(d: Declared) -> Answer:
    return d.path("databases", d.cloud_name), {"name": d.cloud_name, "project": d.project}


def _ruleset(d: Declared) -> Answer:
    name = d.path("rulesets", digest(str(d.inputs)))
    return name, {"name": name, "project": d.project}


def _api_key(d: Declared) -> Answer:
    return d.path("locations/global/keys", d.cloud_name), {"keyString": secret(f"key-of-{d.name}"), "uid": d.name}


def _repository(d: Declared) -> Answer:
    location, repository = d.inputs["location"], d.inputs["repositoryId"]
    uri = f"{location}-docker.pkg.dev/{d.project}/{repository}"
    id_ = d.path("locations", location, "repositories", repository)
    return id_, {"name": repository, "project": d.project, "registryUri": uri}


def _image(d: Declared) -> Answer:
    hashed = f"sha256:{digest(d.name, str(d.inputs))}"
    return hashed, {"digest": hashed, "ref": f"{d.inputs['tags'][0]}@{hashed}"}


def _machine_address(d: Declared) -> Answer:
    return d.path("regions", d.inputs["region"], "addresses", d.cloud_name), {
        "name": d.cloud_name,
        "address": address(d.name) if d.world.local else "192.0.2.35",
    }


def _global_address(d: Declared) -> Answer:
    return d.path("global/addresses", d.cloud_name), {"name": d.cloud_name, "address": "192.0.2.36"}


def _network(d: Declared) -> Answer:
    id_ = d.path("global/networks", d.cloud_name)
    return id_, {"name": d.cloud_name, "selfLink": f"https://www.googleapis.com/compute/v1/{id_}"}


def _uptime_check(d: Declared) -> Answer:
    id_ = f"{d.name}-{digest(d.type, d.name)[:7]}"
    return d.path("uptimeCheckConfigs", id_), {"uptimeCheckId": id_, "name": d.path("uptimeCheckConfigs", id_)}


def _channel(d: Declared) -> Answer:
    name = d.path("notificationChannels", str(int(digest(d.type, d.name)[:12], 16)))
    return name, {"name": name}


def _web_app(d: Declared) -> Answer:
    app = f"1:{d.world.number}:web:{hashlib.sha256(d.name.encode()).hexdigest()[:22]}"
    return f"projects/{d.world.project}/webApps/{app}", {"appId": app}


def _password(d: Declared) -> Answer:
    text = hashlib.sha256(f"{d.world.project}/{d.world.stack}/{d.name}".encode()).hexdigest()
    return "none", {"result": secret(text[: d.inputs["length"]])}


def _release(d: Declared) -> Answer:
    return d.path("releases", d.inputs["name"]), {}


OUTPUTS: dict[str, Callable[[Declared], Answer]] = {
    "gcp:storage/bucket:Bucket": _bucket,
    "gcp:storage/bucketObject:BucketObject": _object,
    "gcp:storage/hmacKey:HmacKey": _hmac_key,
    "gcp:pubsub/topic:Topic": _topic,
    "gcp:pubsub/subscription:Subscription": _subscription,
    "gcp:serviceaccount/account:Account": _account,
    "gcp:projects/serviceIdentity:ServiceIdentity": _service_identity,
    "gcp:cloudrunv2/service:Service": _run_service,
    "gcp:cloudrunv2/job:Job": _run_job,
    "gcp:cloudfunctionsv2/function:Function": _function,
    "gcp:secretmanager/secret:Secret": _secret,
    "gcp:secretmanager/secretVersion:SecretVersion": _secret_version,
    "gcp:firestore/database:Database": _database,
    "gcp:firebaserules/ruleset:Ruleset": _ruleset,
    "gcp:projects/apiKey:ApiKey": _api_key,
    "gcp:firebase/webApp:WebApp": _web_app,
    "gcp:artifactregistry/repository:Repository": _repository,
    "gcp:compute/address:Address": _machine_address,
    "gcp:compute/globalAddress:GlobalAddress": _global_address,
    "gcp:compute/network:Network": _network,
    "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig": _uptime_check,
    "gcp:monitoring/notificationChannel:NotificationChannel": _channel,
    "docker-build:index:Image": _image,
    "random:index/randomPassword:RandomPassword": _password,
    "pulumi-python:dynamic/firebaserules:Release": _release,
}


def _storage_agent(world: World, args: dict[str, Any]) -> dict[str, Any]:
    email = f"service-{world.number}@gs-project-accounts.iam.gserviceaccount.com"
    return {"emailAddress": email, "member": f"serviceAccount:{email}", "project": args.get("project", world.project)}


def _project(world: World, _args: dict[str, Any]) -> dict[str, Any]:
    return {"number": world.number, "projectId": world.project, "id": f"projects/{world.project}"}


ANSWERS: dict[str, Callable[[World, dict[str, Any]], dict[str, Any]]] = {
    "gcp:storage/getProjectServiceAccount:getProjectServiceAccount": _storage_agent,
    "gcp:organizations/getProject:getProject": _project,
}
