"""Every error of the emulator: one class, a constructor per cause, rendered as Google does for either API."""

from __future__ import annotations

import json
from xml.sax.saxutils import escape


class ApiError(Exception):
    """A refusal. `reason` is the JSON API's word for it, `xml` the XML API's code.

    `details` go into the XML answer only, `extra` into the JSON answer only.
    """

    def __init__(
        self,
        code: int,
        reason: str,
        message: str,
        *,
        xml: str = "",
        details: dict[str, str] | None = None,
        headers: tuple[tuple[str, str], ...] = (),
        extra: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.message = message
        self.xml = xml or {400: "InvalidArgument", 403: "AccessDenied", 404: "NoSuchKey"}.get(code, "InternalError")
        self.details = details or {}
        self.headers = headers
        self.extra = extra or {}

    def json(self) -> bytes:
        """The JSON API's shape."""
        detail = {"message": self.message, "domain": "global", "reason": self.reason, **self.extra}
        return json.dumps({"error": {"code": self.code, "message": self.message, "errors": [detail]}}).encode()

    def xml_document(self) -> bytes:
        """The XML API's shape."""
        extra = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in self.details.items())
        message = "Access denied." if self.xml == "AccessDenied" and extra else self.message
        return (
            f"<?xml version='1.0' encoding='UTF-8'?><Error><Code>{self.xml}</Code>"
            f"<Message>{escape(message)}</Message>{extra}</Error>"
        ).encode()


class NotModified(Exception):
    """304: the caller has it already. `etag` goes into the answer where there is one."""

    def __init__(self, etag: str | None = None) -> None:
        super().__init__("not modified")
        self.etag = etag


class ClientGone(Exception):
    """The client closed the connection before its body was complete."""


def bad_request(message: str, *, xml: str = "InvalidArgument", reason: str = "invalid") -> ApiError:
    """400."""
    return ApiError(400, reason, message, xml=xml)


def required(parameter: str) -> ApiError:
    """400: a parameter is missing."""
    return ApiError(400, "required", f"Required parameter: {parameter}")


def no_bucket(name: str) -> ApiError:
    """404: no such bucket."""
    message = "The specified bucket does not exist."
    return ApiError(404, "notFound", message, xml="NoSuchBucket", details={"BucketName": name})


def no_object(bucket: str, name: str) -> ApiError:
    """404: no such object, or no such generation of it."""
    message = f"No such object: {bucket}/{name}"
    return ApiError(404, "notFound", message, xml="NoSuchKey", details={"Details": message})


def not_found(message: str) -> ApiError:
    """404 of anything else."""
    return ApiError(404, "notFound", message)


def precondition_failed() -> ApiError:
    """412."""
    message = "At least one of the pre-conditions you specified did not hold."
    return ApiError(412, "conditionNotMet", message, xml="PreconditionFailed")


def conflict(message: str, xml: str) -> ApiError:
    """409."""
    return ApiError(409, "conflict", message, xml=xml)


def forbidden(message: str, *, xml: str = "AccessDenied", details: dict[str, str] | None = None) -> ApiError:
    """403."""
    return ApiError(403, "forbidden", message, xml=xml, details=details)


def denied(account: str | None, permission: str, resource: str) -> ApiError:
    """403 for an account without `permission` on a project, bucket or object; 401 where the caller is anonymous."""
    who = account or "Anonymous caller"
    where = "project" if resource == "project" else f"Storage {resource}"
    message = (
        f"{who} does not have {permission} access to the Google Cloud {where}."
        f" Permission '{permission}' denied on resource (or it may not exist)."
    )
    if account is None:
        return _unauthorised(message, "required")
    return ApiError(403, "forbidden", message, xml="AccessDenied", details={"Details": message})


def invalid_credentials() -> ApiError:
    """401 for a token that has expired, or that is not this emulator's."""
    return _unauthorised("Invalid Credentials", "authError")


def _unauthorised(message: str, reason: str) -> ApiError:
    """The XML API answers an anonymous caller with 403, and says 401 only of a bad token."""
    location = {"locationType": "header", "location": "Authorization"}
    xml = "AccessDenied" if reason == "required" else "AuthenticationRequired"
    headers = (("WWW-Authenticate", 'Bearer realm="https://accounts.google.com/"'),)
    return ApiError(401, reason, message, xml=xml, details={"Details": message}, headers=headers, extra=location)


def range_not_satisfiable(size: int) -> ApiError:
    """416 for an object of `size` bytes."""
    message = "The requested range cannot be satisfied."
    headers = (("Content-Range", f"bytes */{size}"),)
    return ApiError(416, "requestedRangeNotSatisfiable", message, xml="InvalidRange", headers=headers)


def unavailable(message: str) -> ApiError:
    """503: try again."""
    return ApiError(503, "backendError", message, xml="ServiceUnavailable")


def not_implemented(call: str) -> ApiError:
    """400: Google's service does this, the emulator does not."""
    return ApiError(400, "notImplemented", f"{call} is not implemented by this emulator.", xml="NotImplemented")
