"""Every route, the function that answers it, and the shapes of what it takes and answers.

The OpenAPI document and the page's types are made of this table (`make docs`).
"""

from __future__ import annotations

from werkzeug.routing import Map, Rule

from pipeline.domain.errors import (
    BadRequest,
    Conflict,
    Forbidden,
    NotFound,
    Unauthorized,
    Unavailable,
    UnsupportedMedia,
)

from ..printed import PDF, XLSX
from .handlers import (
    analysis,
    audit,
    brands,
    clips,
    dead_letters,
    events,
    grants,
    health,
    members,
    openapi,
    providers,
    quotas,
    reports,
    results,
    session,
    sessions,
    shares,
    streams,
    uploads,
)
from .handlers.acting import alerts, channels, rules
from .handlers.exchange import annotations
from .handlers.sponsor import corrections, frozen, sponsorship
from .models import (
    acting,
    acting_answers,
    analysis_answers,
    body,
    clip_answers,
    parameters,
    people,
    people_answers,
    report_answers,
    requests,
    result_answers,
    sponsor,
    sponsor_answers,
    stream_answers,
)
from .models.clips import NewClip, NewClipShare
from .operation import Answer, Operation

_STREAM = "/streams/{stream}"
_SESSION = f"{_STREAM}/sessions/{{session}}"
_BRAND = "/brands/{brand}"
_LOCATION = ("Location",)
_ETAG = ("ETag",)
_UNCHANGED = {304: Answer("The answer with the ETag in If-None-Match still holds", headers=_ETAG)}
_ID = (BadRequest, NotFound)  # of what has an id in its path
_PICTURES = ("image/png", "image/jpeg", "image/webp")

OPERATIONS: tuple[Operation, ...] = (
    Operation("GET", "/health", health.health, "health", {200: Answer("It does", body.Status)}),
    Operation("GET", "/openapi.json", openapi.document, "describe", {200: Answer("OpenAPI 3.1", dict)}),
    Operation(
        *("POST", "/session", session.begin, "beginSession"),
        {200: Answer("The session, and its cookie, which no script can read", people_answers.SignedIn)},
        (Unauthorized, Forbidden, UnsupportedMedia, Unavailable),
        reads=True,
    ),
    Operation(
        *("POST", "/session/token", session.token, "resumeSession"),
        {200: Answer("The session", people_answers.SignedIn), 204: Answer("The browser sent no cookie")},
        (Unauthorized, Forbidden, UnsupportedMedia, Unavailable),
        reads=True,
    ),
    Operation(
        *("DELETE", "/session", session.end, "endSession"),
        {204: Answer("The browser forgets its cookie")},
        (Forbidden,),
        reads=True,
    ),
    Operation(
        *("POST", "/session/everywhere", session.end_everywhere, "endAllSessions"),
        {204: Answer("No session of the member holds any more")},
        (Unauthorized, Forbidden, UnsupportedMedia),
    ),
    Operation(
        *("GET", "/members", members.list_page, "listMembers"),
        {200: Answer("A page", people_answers.MemberPage)},
        (BadRequest,),
        query=parameters.PageOfMembers,
    ),
    Operation(
        *("POST", "/members", members.create, "inviteMember"),
        {201: Answer("The member, who may sign in from now on", people_answers.MemberAnswer, _LOCATION)},
        (BadRequest, Conflict),
        body=people.NewMember,
    ),
    Operation(
        *("PATCH", "/members/{member}", members.change, "changeMember"),
        {200: Answer("The member as they are now", people_answers.MemberAnswer)},
        (*_ID, Conflict),
        body=people.MemberChange,
    ),
    Operation(
        *("DELETE", "/members/{member}", members.remove, "removeMember"),
        {204: Answer("Sessions, tokens and grants of the member open nothing within seconds")},
        (*_ID, Conflict),
    ),
    Operation(
        *("POST", "/shares/redeem", shares.redeem, "redeemShare"),
        {200: Answer("What the link opens", people_answers.RedeemedShare)},
        (BadRequest, Forbidden, NotFound, Unavailable),
        body=people.Redeemed,
        reads=True,
    ),
    Operation(
        *("POST", "/grants", grants.create_for_brands, "grantMarks"),
        {201: Answer("The grant", stream_answers.GrantAnswer)},
        reads=True,
    ),
    Operation(
        *("POST", "/streams", streams.create, "createStream"),
        {201: Answer("The stream and its key, which is never shown again", stream_answers.CreatedStream, _LOCATION)},
        (BadRequest, Conflict, NotFound),
        body=requests.NewStream,
    ),
    Operation(
        *("GET", "/streams", streams.list_page, "listStreams"),
        {200: Answer("A page", stream_answers.StreamPage)},
        (BadRequest,),
        query=parameters.Page,
    ),
    Operation(
        *("GET", _STREAM, streams.get, "getStream"),
        {200: Answer("The stream", stream_answers.StreamAnswer)},
        _ID,
    ),
    Operation(
        *("PATCH", _STREAM, streams.change, "changeStream"),
        {200: Answer("The stream as it is now", stream_answers.StreamAnswer)},
        _ID,
        body=requests.StreamChange,
    ),
    Operation(
        *("DELETE", _STREAM, streams.delete, "deleteStream"),
        {
            202: Answer("Much is deleted, and there is more: send it again", body.More, ("Retry-After",)),
            204: Answer("All is gone"),
        },
        _ID,
    ),
    Operation(
        *("POST", f"{_STREAM}/key", streams.rotate_key, "rotateKey"),
        {200: Answer("The key, which is never shown again", stream_answers.Key)},
        _ID,
        query=parameters.Rotation,
    ),
    Operation(
        *("GET", f"{_STREAM}/key", streams.show_key, "getKey"),
        {200: Answer("What is known of the key", stream_answers.KeyUseAnswer)},
        _ID,
    ),
    Operation(
        *("POST", f"{_STREAM}/grants", grants.create, "grantMedia"),
        {201: Answer("The grant", stream_answers.GrantAnswer)},
        _ID,
        reads=True,
    ),
    Operation(
        *("POST", f"{_STREAM}/grants/publish", grants.create_for_publishing, "grantPublishing"),
        {201: Answer("The token", stream_answers.PublishAnswer)},
        _ID,
        reads=True,
    ),
    Operation(
        *("POST", f"{_STREAM}/grants/revoke", grants.revoke, "revokeGrants"),
        {204: Answer("No grant that was given before opens anything")},
        _ID,
    ),
    Operation(
        *("POST", f"{_STREAM}/shares", shares.create, "createShare"),
        {201: Answer("The link and its secret, which is never shown again", people_answers.CreatedShare)},
        _ID,
        body=people.NewShare,
    ),
    Operation(
        *("GET", f"{_STREAM}/shares", shares.list_all, "listShares"),
        {200: Answer("All links, also those that have ended", people_answers.ShareList)},
        _ID,
    ),
    Operation(
        *("DELETE", f"{_STREAM}/shares/{{share}}", shares.revoke, "revokeShare"),
        {204: Answer("Pages that it opened stop within seconds")},
        _ID,
    ),
    Operation(
        *("POST", f"{_STREAM}/stop", streams.stop, "stopStream"),
        {202: Answer("The publisher; null: there was no publisher", stream_answers.StopAnswer)},
        _ID,
    ),
    Operation(
        *("GET", f"{_STREAM}/sessions", sessions.list_page, "listSessions"),
        {200: Answer("A page", stream_answers.SessionPage)},
        _ID,
        query=parameters.PageOfSessions,
    ),
    Operation(
        *("GET", _SESSION, sessions.get, "getSession"),
        {200: Answer("The session", stream_answers.SessionAnswer)},
        _ID,
    ),
    Operation(
        *("POST", f"{_SESSION}/analyses", sessions.analyse, "analyseAgain"),
        {202: Answer("What was announced again", analysis_answers.ReanalysisAnswer)},
        _ID,
        body=requests.Range,
    ),
    Operation(
        *("POST", f"{_SESSION}/preview", sessions.preview, "previewThreshold"),
        {200: Answer("What was seen, surest first", analysis_answers.PreviewAnswer)},
        (*_ID, Unavailable),
        body=requests.Preview,
        reads=True,
    ),
    Operation(
        *("POST", f"{_SESSION}/clips", clips.create, "createClip"),
        {
            200: Answer("The clip that was asked for before", clip_answers.ClipAnswer, _LOCATION),
            202: Answer("It is being made", clip_answers.ClipAnswer, _LOCATION),
        },
        _ID,
        body=NewClip,
    ),
    Operation(
        *("GET", f"{_STREAM}/clips", clips.list_page, "listClips"),
        {200: Answer("A page", clip_answers.ClipPage)},
        _ID,
        query=parameters.PageOfClips,
    ),
    Operation(
        *("GET", f"{_STREAM}/clips/{{clip}}", clips.get, "getClip"),
        {200: Answer("The clip", clip_answers.ClipAnswer)},
        _ID,
    ),
    Operation(
        *("POST", f"{_STREAM}/clips/{{clip}}/shares", clips.share, "shareClip"),
        {201: Answer("The link", clip_answers.SharedClip)},
        (*_ID, Conflict),
        body=NewClipShare,
    ),
    Operation(
        *("DELETE", f"{_STREAM}/clips/{{clip}}", clips.delete, "deleteClip"),
        {204: Answer("It is gone")},
        _ID,
    ),
    Operation(
        *("GET", f"{_SESSION}/exposure", reports.exposure, "getExposure"),
        {200: Answer("So far, where the session is live", report_answers.ExposureAnswer)},
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
        {200: Answer("A page", report_answers.AppearancePage)},
        _ID,
        query=parameters.KindPage,
    ),
    Operation(
        *("POST", f"{_SESSION}/sponsorship", sponsorship.of_session, "reportSponsorship"),
        {200: Answer("So far, where the session is live", sponsor_answers.SponsorshipAnswer)},
        _ID,
        body=sponsor.OfSession,
        reads=True,
    ),
    Operation(
        *("POST", f"{_SESSION}/sponsorship.csv", sponsorship.of_session_csv, "getSponsorshipTable"),
        {200: Answer("RFC 4180, UTF-8, with a header", content_type="text/csv")},
        _ID,
        body=sponsor.OfSession,
        reads=True,
    ),
    Operation(
        *("POST", "/sponsorship", sponsorship.of_many, "reportSponsorships"),
        {200: Answer("So far, where a session is live", sponsor_answers.SponsorshipAnswer)},
        _ID,
        body=sponsor.OfMany,
        reads=True,
    ),
    Operation(
        *("POST", "/sponsorship.csv", sponsorship.of_many_csv, "getSponsorshipsTable"),
        {200: Answer("RFC 4180, UTF-8, with a header", content_type="text/csv")},
        _ID,
        body=sponsor.OfMany,
        reads=True,
    ),
    Operation(
        *("GET", f"{_SESSION}/annotations", annotations.annotated, "getAnnotations"),
        {200: Answer("AnnotateVideoResponse of Video Intelligence, version 1", dict)},
        _ID,
        query=parameters.AnnotatedPart,
    ),
    Operation(
        *("GET", f"{_SESSION}/corrections", corrections.list_all, "listCorrections"),
        {200: Answer("All of them", sponsor_answers.CorrectionList)},
        _ID,
    ),
    Operation(
        *("POST", f"{_SESSION}/corrections", corrections.create, "correct"),
        {201: Answer("Reports count what is left", sponsor_answers.CorrectionAnswer)},
        _ID,
        body=(sponsor.Verdict, sponsor.Drawing),
    ),
    Operation(
        *("DELETE", f"{_SESSION}/corrections/{{correction}}", corrections.delete, "takeCorrectionBack"),
        {204: Answer("Reports count again what was seen")},
        _ID,
    ),
    Operation(
        *("POST", "/reports", frozen.create, "freezeReport"),
        {201: Answer("It stays as it is", sponsor_answers.FrozenId)},
        _ID,
        body=sponsor.Signed,
    ),
    Operation(
        *("GET", "/reports", frozen.list_newest, "listReports"),
        {200: Answer("The newest", sponsor_answers.FrozenList)},
        (BadRequest,),
        query=parameters.Limit,
    ),
    Operation(
        *("GET", "/reports/{report}", frozen.get, "getReport"),
        {200: Answer("As it was signed", sponsor_answers.FrozenReport)},
        (*_ID, Conflict),
    ),
    Operation(
        *("POST", f"{_SESSION}/sponsorship.pdf", sponsorship.of_session_pdf, "getSponsorshipPaper"),
        {200: Answer("A4, with charts", content_type=PDF)},
        _ID,
        body=sponsor.OfSession,
        reads=True,
    ),
    Operation(
        *("POST", f"{_SESSION}/sponsorship.xlsx", sponsorship.of_session_xlsx, "getSponsorshipWorkbook"),
        {200: Answer("With the moments of each figure", content_type=XLSX)},
        _ID,
        body=sponsor.OfSession,
        reads=True,
    ),
    Operation(
        *("POST", "/sponsorship.pdf", sponsorship.of_many_pdf, "getSponsorshipsPaper"),
        {200: Answer("A4, with charts", content_type=PDF)},
        _ID,
        body=sponsor.OfMany,
        reads=True,
    ),
    Operation(
        *("POST", "/sponsorship.xlsx", sponsorship.of_many_xlsx, "getSponsorshipsWorkbook"),
        {200: Answer("With the moments of each figure", content_type=XLSX)},
        _ID,
        body=sponsor.OfMany,
        reads=True,
    ),
    Operation(
        *("GET", "/reports/{report}/report.pdf", frozen.on_paper, "getReportPaper"),
        {200: Answer("A4, with charts, and its hash", content_type=PDF)},
        (*_ID, Conflict),
    ),
    Operation(
        *("GET", "/reports/{report}/evidence/{evidence}", frozen.evidence, "showEvidence"),
        {200: Answer("The frame", content_type="image/jpeg")},
        (*_ID, Conflict),
    ),
    Operation(
        *("GET", f"{_SESSION}/frames", results.frames, "listFrames"),
        {200: Answer("A page", result_answers.FramePage, _ETAG), **_UNCHANGED},
        _ID,
        query=parameters.PageOfFrames,
    ),
    Operation(
        *("GET", f"{_SESSION}/detections", results.detections, "listDetections"),
        {200: Answer("A page", result_answers.DetectionPage, _ETAG), **_UNCHANGED},
        _ID,
        query=parameters.PageOfFound,
    ),
    Operation(
        *("GET", f"{_SESSION}/tracks", results.tracks, "listTracks"),
        {200: Answer("A page", result_answers.TrackPage, _ETAG), **_UNCHANGED},
        _ID,
        query=parameters.PageOfFound,
    ),
    Operation(
        *("GET", f"{_SESSION}/transcript", results.transcript, "listWords"),
        {200: Answer("A page", result_answers.TranscriptPage, _ETAG), **_UNCHANGED},
        _ID,
        query=parameters.PageOfWords,
    ),
    Operation(
        *("GET", f"{_SESSION}/transcript.vtt", results.transcript_vtt, "getCaptions"),
        {200: Answer("WebVTT", headers=_ETAG, content_type="text/vtt"), **_UNCHANGED},
        _ID,
        query=parameters.MediaPart,
    ),
    Operation(
        *("GET", f"{_SESSION}/transcript.srt", results.transcript_srt, "getSubtitles"),
        {200: Answer("SubRip, UTF-8", headers=_ETAG, content_type="application/x-subrip"), **_UNCHANGED},
        _ID,
        query=parameters.MediaPart,
    ),
    Operation(
        *("GET", f"{_SESSION}/cost", reports.cost, "getCost"),
        {200: Answer("So far, where the session is live", report_answers.CostAnswer)},
        _ID,
    ),
    Operation(
        *("POST", f"{_STREAM}/uploads", uploads.create, "createUpload"),
        {
            200: Answer("The upload that the caller has begun before", stream_answers.UploadAnswer),
            201: Answer("The request that begins a resumable upload to Cloud Storage", stream_answers.UploadAnswer),
        },
        (*_ID, UnsupportedMedia, Unavailable),
        body=requests.NewUpload,
    ),
    Operation(
        *("GET", "/quotas", quotas.get, "getQuotas"),
        {200: Answer("The quotas", people_answers.QuotaAnswer)},
        (BadRequest,),
        query=parameters.OfTenant,
    ),
    Operation(
        *("PATCH", "/quotas", quotas.change, "changeQuotas"),
        {200: Answer("The quotas as they are now", people_answers.QuotaAnswer)},
        (BadRequest,),
        body=people.QuotaChange,
    ),
    Operation(
        *("GET", f"{_STREAM}/quotas", quotas.of_stream, "getStreamQuotas"),
        {200: Answer("The quotas", people_answers.StreamQuotaAnswer)},
        _ID,
    ),
    Operation(
        *("PATCH", f"{_STREAM}/quotas", quotas.change_of_stream, "changeStreamQuotas"),
        {200: Answer("The quotas as they are now", people_answers.StreamQuotaAnswer)},
        _ID,
        body=people.StreamQuotaChange,
    ),
    Operation(
        *("GET", "/audit", audit.list_page, "listAudit"),
        {200: Answer("A page, the newest first", people_answers.AuditPage)},
        (BadRequest, NotFound),
        query=parameters.PageOfAudit,
    ),
    Operation(
        *("POST", "/events/segments", events.announce, "announceSegment"),
        {
            200: Answer("It was there before, or the session has ended", stream_answers.Stored),
            201: Answer("The object that it became", stream_answers.Stored),
        },
        (*_ID, Unauthorized, Conflict, UnsupportedMedia, Unavailable),
        body=(requests.Announced, requests.Ended),
        headers=parameters.Signature,
        reads=True,  # a segment of a store, many a minute: its session says it
    ),
    Operation(
        *("POST", "/rules", rules.create, "createRule"),
        {201: Answer("The rule", acting_answers.RuleAnswer, _LOCATION)},
        (BadRequest,),
        body=acting.NewRule,
    ),
    Operation(
        *("GET", "/rules", rules.list_all, "listRules"),
        {200: Answer("All of them", acting_answers.RuleList)},
    ),
    Operation(
        *("POST", "/rule-tests", rules.test, "testRule"),
        {200: Answer("What it would have fired for, in order of time", acting_answers.PastAnswer)},
        (BadRequest,),
        body=acting.RuleTest,
        reads=True,
    ),
    Operation(
        *("GET", "/rules/{rule}", rules.get, "getRule"),
        {200: Answer("The rule", acting_answers.RuleAnswer)},
        _ID,
    ),
    Operation(
        *("PATCH", "/rules/{rule}", rules.change, "changeRule"),
        {200: Answer("The rule as it is now", acting_answers.RuleAnswer)},
        _ID,
        body=acting.RuleChange,
    ),
    Operation(
        *("DELETE", "/rules/{rule}", rules.delete, "deleteRule"),
        {204: Answer("It fires no more")},
        _ID,
    ),
    Operation(
        *("POST", "/channels", channels.create, "createChannel"),
        {201: Answer("The channel, and its secret, which is never shown again", acting_answers.CreatedChannel)},
        (BadRequest,),
        body=acting.NewChannel,
    ),
    Operation(
        *("GET", "/channels", channels.list_all, "listChannels"),
        {200: Answer("All of them", acting_answers.ChannelList)},
    ),
    Operation(
        *("DELETE", "/channels/{channel}", channels.delete, "deleteChannel"),
        {204: Answer("It is gone")},
        _ID,
    ),
    Operation(
        *("GET", "/alerts", alerts.list_page, "listAlerts"),
        {200: Answer("A page", acting_answers.AlertPage)},
        (BadRequest,),
        query=acting.PageOfAlerts,
    ),
    Operation(
        *("PATCH", "/alerts/{alert}", alerts.change, "changeAlert"),
        {200: Answer("The alert as it is now", acting_answers.AlertAnswer)},
        _ID,
        body=acting.AlertChange,
    ),
    Operation(
        *("POST", "/alerts/{alert}/deliveries/{channel}/replay", alerts.replay, "replayDelivery"),
        {202: Answer("The alert, which is on its way", acting_answers.AlertAnswer)},
        (*_ID, Unavailable),
    ),
    Operation(
        *("GET", "/schemas/alert.v1.json", alerts.schema, "describeAlert"),
        {200: Answer("JSON schema 2020-12", dict)},
    ),
    Operation(
        *("POST", "/brands", brands.create, "createBrand"),
        {201: Answer("The brand", analysis_answers.BrandAnswer, _LOCATION)},
        (BadRequest, Conflict),
        body=requests.NewBrand,
        query=parameters.Notice,
    ),
    Operation(
        *("GET", "/brands", brands.list_page, "listBrands"),
        {200: Answer("A page", analysis_answers.BrandPage)},
        (BadRequest,),
        query=parameters.Page,
    ),
    Operation(
        *("GET", _BRAND, brands.get, "getBrand"),
        {200: Answer("The brand", analysis_answers.BrandAnswer)},
        _ID,
    ),
    Operation(
        *("PATCH", _BRAND, brands.change, "changeBrand"),
        {200: Answer("The brand as it is now", analysis_answers.BrandAnswer)},
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
        {201: Answer("The picture and the brand", analysis_answers.ReferenceAnswer, _LOCATION)},
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
        {200: Answer("The brand as it is now", analysis_answers.BrandAnswer)},
        _ID,
    ),
    Operation(
        *("GET", "/config/analysis", analysis.get, "getConfiguration"),
        {200: Answer("What is set; the rest is the deployment's default", analysis_answers.Configuration)},
    ),
    Operation(
        *("PATCH", "/config/analysis", analysis.change, "changeConfiguration"),
        {200: Answer("The settings as they are now", analysis_answers.ConfigurationAnswer)},
        (BadRequest, Conflict),
        body=requests.AnalysisChange,
    ),
    Operation(
        *("GET", "/providers", providers.list_all, "listProviders"),
        {200: Answer("All providers", analysis_answers.ProviderList)},
    ),
    Operation(
        *("GET", "/providers/{provider}/health", providers.health, "providerHealth"),
        {200: Answer("It can", body.Status)},
        (NotFound, Unavailable),
    ),
    Operation(
        *("GET", "/providers/{provider}/info", providers.info, "providerInfo"),
        {200: Answer("The provider", analysis_answers.ProviderAnswer)},
        (NotFound, Unavailable),
    ),
    Operation(
        *("GET", "/dead-letters", dead_letters.list_newest, "listDeadLetters"),
        {200: Answer("Up to `limit` of them", analysis_answers.DeadLetterPage)},
        (BadRequest,),
        query=parameters.Limit,
    ),
    Operation(
        *("POST", "/dead-letters/retry", dead_letters.retry_some, "retryDeadLetters"),
        {202: Answer("On their way", analysis_answers.Retried)},
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
        {202: Answer("On its way", analysis_answers.DeadLetterAnswer)},
        (*_ID, Unavailable),
    ),
)


def _rule(operation: Operation) -> Rule:
    path = operation.path.replace("{", "<").replace("}", ">")
    path = path.replace("<letter>", "<string(minlength=6):letter>")  # "retry" is no id of a letter
    return Rule(path, methods=[operation.method], endpoint=operation.handler)


BY_HANDLER = {operation.handler: operation for operation in OPERATIONS}

ROUTES = Map([_rule(operation) for operation in OPERATIONS], strict_slashes=False)
