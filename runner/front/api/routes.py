"""Every route, the function that answers it, and the shapes of what it takes and answers.

The OpenAPI document and the page's types are made of this table (`make docs`).
"""

from __future__ import annotations

from werkzeug.routing import Map, Rule

from pipeline.domain.errors import BadRequest, Conflict, NotFound, Unauthorized, Unavailable, UnsupportedMedia

from .handlers import (
    analysis,
    brands,
    dead_letters,
    events,
    grants,
    health,
    openapi,
    providers,
    reports,
    sessions,
    streams,
    uploads,
)
from .models import parameters, requests, responses
from .operation import Answer, Handler, Operation

_STREAM = "/streams/{stream}"
_SESSION = f"{_STREAM}/sessions/{{session}}"
_BRAND = "/brands/{brand}"
_LOCATION = ("Location",)
_ID = (BadRequest, NotFound)  # of what has an id in its path
_PICTURES = ("image/png", "image/jpeg", "image/webp")

OPERATIONS: tuple[Operation, ...] = (
    Operation("GET", "/health", health.health, "health", {200: Answer("It does", responses.Status)}),
    Operation("GET", "/openapi.json", openapi.document, "describe", {200: Answer("OpenAPI 3.1", dict)}),
    Operation(
        *("POST", "/streams", streams.create, "createStream"),
        {201: Answer("The stream and its key, which is never shown again", responses.CreatedStream, _LOCATION)},
        (BadRequest, Conflict),
        body=requests.NewStream,
    ),
    Operation(
        *("GET", "/streams", streams.list_page, "listStreams"),
        {200: Answer("A page", responses.StreamPage)},
        (BadRequest,),
        query=parameters.Page,
    ),
    Operation(
        *("GET", _STREAM, streams.get, "getStream"),
        {200: Answer("The stream", responses.StreamAnswer)},
        _ID,
    ),
    Operation(
        *("PATCH", _STREAM, streams.change, "changeStream"),
        {200: Answer("The stream as it is now", responses.StreamAnswer)},
        _ID,
        body=requests.StreamChange,
    ),
    Operation(
        *("DELETE", _STREAM, streams.delete, "deleteStream"),
        {
            202: Answer("Much is deleted, and there is more: send it again", responses.More, ("Retry-After",)),
            204: Answer("All is gone"),
        },
        _ID,
    ),
    Operation(
        *("POST", f"{_STREAM}/key", streams.rotate_key, "rotateKey"),
        {200: Answer("The key, which is never shown again", responses.Key)},
        _ID,
        query=parameters.Rotation,
    ),
    Operation(
        *("GET", f"{_STREAM}/key", streams.show_key, "getKey"),
        {200: Answer("What is known of the key", responses.KeyUseAnswer)},
        _ID,
    ),
    Operation(
        *("POST", f"{_STREAM}/grants", grants.create, "grantMedia"),
        {201: Answer("The grant", responses.GrantAnswer)},
        _ID,
    ),
    Operation(
        *("POST", f"{_STREAM}/grants/revoke", grants.revoke, "revokeGrants"),
        {204: Answer("No grant that was given before opens anything")},
        _ID,
    ),
    Operation(
        *("POST", f"{_STREAM}/stop", streams.stop, "stopStream"),
        {202: Answer("The publisher; null: there was no publisher", responses.StopAnswer)},
        _ID,
    ),
    Operation(
        *("GET", f"{_STREAM}/sessions", sessions.list_page, "listSessions"),
        {200: Answer("A page", responses.SessionPage)},
        _ID,
        query=parameters.PageOfSessions,
    ),
    Operation(
        *("GET", _SESSION, sessions.get, "getSession"),
        {200: Answer("The session", responses.SessionAnswer)},
        _ID,
    ),
    Operation(
        *("POST", f"{_SESSION}/analyses", sessions.analyse, "analyseAgain"),
        {202: Answer("What was announced again", responses.ReanalysisAnswer)},
        _ID,
        body=requests.Range,
    ),
    Operation(
        *("POST", f"{_SESSION}/preview", sessions.preview, "previewThreshold"),
        {200: Answer("What was seen, surest first", responses.PreviewAnswer)},
        (*_ID, Unavailable),
        body=requests.Preview,
    ),
    Operation(
        *("GET", f"{_SESSION}/exposure", reports.exposure, "getExposure"),
        {200: Answer("So far, where the session is live", responses.ExposureAnswer)},
        _ID,
        query=parameters.MediaRange,
    ),
    Operation(
        *("GET", f"{_SESSION}/exposure.csv", reports.exposure_csv, "getExposureTable"),
        {200: Answer("RFC 4180, UTF-8, with a header", content_type="text/csv")},
        _ID,
        query=parameters.MediaRange,
    ),
    Operation(
        *("GET", f"{_SESSION}/appearances", reports.appearances, "listAppearances"),
        {200: Answer("A page", responses.AppearancePage)},
        _ID,
        query=parameters.KindPage,
    ),
    Operation(
        *("GET", f"{_SESSION}/cost", reports.cost, "getCost"),
        {200: Answer("So far, where the session is live", responses.CostAnswer)},
        _ID,
    ),
    Operation(
        *("POST", f"{_STREAM}/uploads", uploads.create, "createUpload"),
        {201: Answer("The request that begins a resumable upload to Cloud Storage", responses.UploadAnswer)},
        (*_ID, UnsupportedMedia),
        body=requests.NewUpload,
    ),
    Operation(
        *("POST", "/events/segments", events.announce, "announceSegment"),
        {
            200: Answer("It was there before, or the session has ended", responses.Stored),
            201: Answer("The object that it became", responses.Stored),
        },
        (*_ID, Unauthorized, Conflict, UnsupportedMedia, Unavailable),
        body=(requests.Announced, requests.Ended),
        headers=parameters.Signature,
    ),
    Operation(
        *("POST", "/brands", brands.create, "createBrand"),
        {201: Answer("The brand", responses.BrandAnswer, _LOCATION)},
        (BadRequest, Conflict),
        body=requests.NewBrand,
        query=parameters.Notice,
    ),
    Operation(
        *("GET", "/brands", brands.list_page, "listBrands"),
        {200: Answer("A page", responses.BrandPage)},
        (BadRequest,),
        query=parameters.Page,
    ),
    Operation(
        *("GET", _BRAND, brands.get, "getBrand"),
        {200: Answer("The brand", responses.BrandAnswer)},
        _ID,
    ),
    Operation(
        *("PATCH", _BRAND, brands.change, "changeBrand"),
        {200: Answer("The brand as it is now", responses.BrandAnswer)},
        _ID,
        body=requests.BrandChange,
    ),
    Operation(
        *("DELETE", _BRAND, brands.delete, "deleteBrand"),
        {204: Answer("It is gone")},
        _ID,
    ),
    Operation(
        *("POST", f"{_BRAND}/references", brands.add_reference, "addReference"),
        {201: Answer("The picture and the brand", responses.ReferenceAnswer, _LOCATION)},
        (*_ID, UnsupportedMedia),
        content_types=_PICTURES,
        query=parameters.Notice,
    ),
    Operation(
        *("GET", f"{_BRAND}/references/{{name}}", brands.show_reference, "showReference"),
        {302: Answer("Where the picture can be read for some minutes", headers=_LOCATION)},
        _ID,
    ),
    Operation(
        *("DELETE", f"{_BRAND}/references/{{name}}", brands.remove_reference, "removeReference"),
        {200: Answer("The brand as it is now", responses.BrandAnswer)},
        _ID,
    ),
    Operation(
        *("GET", "/config/analysis", analysis.get, "getConfiguration"),
        {200: Answer("What is set; the rest is the deployment's default", responses.Configuration)},
    ),
    Operation(
        *("PATCH", "/config/analysis", analysis.change, "changeConfiguration"),
        {200: Answer("The settings as they are now", responses.ConfigurationAnswer)},
        (BadRequest, Conflict),
        body=requests.AnalysisChange,
    ),
    Operation(
        *("GET", "/providers", providers.list_all, "listProviders"),
        {200: Answer("All providers", responses.ProviderList)},
    ),
    Operation(
        *("GET", "/providers/{provider}/health", providers.health, "providerHealth"),
        {200: Answer("It can", responses.Status)},
        (NotFound, Unavailable),
    ),
    Operation(
        *("GET", "/providers/{provider}/info", providers.info, "providerInfo"),
        {200: Answer("The provider", responses.ProviderAnswer)},
        (NotFound, Unavailable),
    ),
    Operation(
        *("GET", "/dead-letters", dead_letters.list_newest, "listDeadLetters"),
        {200: Answer("Up to `limit` of them", responses.DeadLetterPage)},
        (BadRequest,),
        query=parameters.Limit,
    ),
    Operation(
        *("POST", "/dead-letters/retry", dead_letters.retry_some, "retryDeadLetters"),
        {202: Answer("On their way", responses.Retried)},
        (BadRequest, Unavailable),
        body=requests.Letters,
    ),
    Operation(
        *("DELETE", "/dead-letters/{letter}", dead_letters.discard, "discardDeadLetter"),
        {204: Answer("It is gone")},
        _ID,
    ),
    Operation(
        *("POST", "/dead-letters/{letter}/retry", dead_letters.retry, "retryDeadLetter"),
        {202: Answer("On its way", responses.DeadLetterAnswer)},
        (*_ID, Unavailable),
    ),
)


def _rule(operation: Operation) -> Rule:
    path = operation.path.replace("{", "<").replace("}", ">")
    path = path.replace("<letter>", "<string(minlength=6):letter>")  # "retry" is no id of a letter
    return Rule(path, methods=[operation.method], endpoint=operation.handler)


ROUTES = Map([_rule(operation) for operation in OPERATIONS], strict_slashes=False)

OPEN: frozenset[Handler] = frozenset(
    {health.health, openapi.document, events.announce, grants.create, brands.show_reference}
)
"""Routes without a key: announcements are signed instead; pictures and video are open, since viewers do not sign in."""

BY_STREAM_KEY: frozenset[Handler] = frozenset(
    {uploads.create, reports.exposure, reports.exposure_csv, reports.appearances, reports.cost}
)
"""Routes that a stream's own key opens too."""
