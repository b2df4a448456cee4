"""Google's own services in a local stack: `VISION=cloud`, `SPEECH=cloud`, on the account of the person who starts it.
And a stack without Cloud Vision: with `VISION=local` the product's own recognisers look at the frames.

Everything else stays on this machine. The workloads get the path of the credentials' file, the project that pays, and
how this machine reaches Google (its proxy, its root certificates); nothing is copied, and nothing is written.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import NoCredentials, StackError
from ..processes.proxies import to_google

FRAMES_PER_HOUR = 300
"""Frames of a stream that Cloud Vision is shown in an hour, at most: the free units last three hours and more."""
_SERVICES = {"vision": "Cloud Vision", "speech": "Speech-to-Text"}
_LOCAL = "vision"  # the service that the provider `local` makes superfluous
_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_LOGIN = "gcloud auth application-default login"
_ROOTS = ("GRPC_DEFAULT_SSL_ROOTS_FILE_PATH", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")


@dataclass(frozen=True, slots=True)
class Cloud:
    """`services` (`vision`, `speech`) are Google's own. `project` pays, and `variables` are what workloads need.

    `spared` are called by no workload, so neither Google nor an emulator answers for them.
    """

    services: tuple[str, ...] = ()
    project: str = ""
    variables: Mapping[str, str] = field(default_factory=dict[str, str])
    spared: tuple[str, ...] = ()

    @property
    def without_emulator(self) -> tuple[str, ...]:
        """The services whose emulator is not started."""
        return (*self.services, *self.spared)

    def says(self) -> list[str]:
        """Sentences for the person who pays."""
        notes = {
            "vision": f"at most {FRAMES_PER_HOUR} frames of a stream an hour; 1,000 a month are free for each kind",
            "speech": "for streams that want transcripts",
        }
        return [f"{_SERVICES[one]} itself answers, billed to {self.project}: {notes[one]}" for one in self.services]

    def console(self, service: str) -> str:
        """The page of Google's console with the requests and the quota of `service`."""
        return f"https://console.cloud.google.com/apis/api/{service}.googleapis.com/metrics?project={self.project}"


def wanted() -> tuple[str, ...]:
    """The services that VISION and SPEECH of this process's environment want from Google. Raises StackError."""
    chosen: list[str] = []
    for service in _SERVICES:
        value, local = os.environ.get(service.upper(), ""), ("local",) if service == _LOCAL else ()
        if value not in ("", "emulator", "cloud", *local):
            more = ", 'local' for the recognisers of this repository" if local else ""
            raise StackError(
                f"invalid {service.upper()}={value!r}: expected 'cloud' for Google's own{more}, or 'emulator'"
            )
        if value == "cloud":
            chosen.append(service)
    return tuple(chosen)


def spared() -> tuple[str, ...]:
    """The services that this process's environment wants not to be called at all."""
    return (_LOCAL,) if os.environ.get(_LOCAL.upper()) == "local" else ()


def signed_in() -> Cloud:
    """The services of `wanted`, with credentials that Google has just accepted. Raises NoCredentials, StackError."""
    services = wanted()
    if not services:
        return Cloud(spared=spared())
    path = _path()
    project, quota = _accepted(path)
    variables = {"GOOGLE_APPLICATION_CREDENTIALS": str(path), "SPEECH_PROJECT": project, **to_google(), **_roots()}
    if quota:
        variables["GOOGLE_CLOUD_QUOTA_PROJECT"] = quota
    return Cloud(services, project, variables, spared())


def _path() -> Path:
    """The file of Application Default Credentials, found as Google's libraries find it."""
    if given := os.environ.get("GOOGLE_APPLICATION_CREDENTIALS"):
        path, hint = Path(given).absolute(), f"GOOGLE_APPLICATION_CREDENTIALS names {given}, which is not there"
    else:
        folder = Path(os.environ.get("CLOUDSDK_CONFIG") or Path.home() / ".config" / "gcloud").absolute()
        path, hint = folder / "application_default_credentials.json", "there are no Google credentials"
    if not path.is_file():
        raise NoCredentials(f"{_asked()} calls Google's own service, but {hint}: type `{_LOGIN}`")
    return path


def _accepted(path: Path) -> tuple[str, str]:
    """The project that pays, and the one to name in each request (none: a service account's own needs no naming)."""
    import google.auth  # only who calls Google pays for the import
    from google.auth import exceptions
    from google.auth.transport.requests import Request

    try:
        with warnings.catch_warnings():  # of a file that is not trusted: this one is the person's own
            warnings.simplefilter("ignore")
            credentials, own = google.auth.load_credentials_from_file(str(path), scopes=[_SCOPE])
        quota: str = os.environ.get("GOOGLE_CLOUD_QUOTA_PROJECT") or getattr(credentials, "quota_project_id", "") or ""
        if not (quota or own):
            raise NoCredentials(
                f"{_asked()} needs a project that pays, and {path} names none: type `gcloud auth application-default "
                "set-quota-project MY-PROJECT`, or set GOOGLE_CLOUD_QUOTA_PROJECT=MY-PROJECT"
            )
        credentials.refresh(Request())
    except exceptions.TransportError as error:
        raise StackError(f"{_asked()}: Google could not be reached to check {path}: {error}") from error
    except (exceptions.GoogleAuthError, ValueError) as error:
        raise NoCredentials(f"{_asked()}: Google does not accept {path} ({_reason(error)}): type `{_LOGIN}`") from error
    return quota or str(own), quota


def _reason(error: Exception) -> str:
    return str(error.args[0] if error.args else type(error).__name__).splitlines()[0]


def _asked() -> str:
    return " ".join(f"{service.upper()}=cloud" for service in wanted())


def _roots() -> dict[str, str]:
    """The root certificates that this machine trusts instead of those that the libraries bring."""
    return {name: value for name in _ROOTS if (value := os.environ.get(name))}
