"""Google, as a machine with a proxy sees it: Cloud Vision and Speech-to-Text over TLS, and the endpoint of tokens.

Clients call the real host names. A proxy (CONNECT) leads them here, where a certificate for those names answers, signed
by a root that this makes. So nothing but a proxy and a root certificate, which any machine may have, is needed.
"""

from __future__ import annotations

import json
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import grpc
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from google.cloud.speech_v2.types import RecognizeRequest, RecognizeResponse
from google.cloud.vision_v1.types import BatchAnnotateImagesRequest, BatchAnnotateImagesResponse

HOSTS = ("vision.googleapis.com", "speech.googleapis.com", "oauth2.googleapis.com")
_HOST_OF = {BatchAnnotateImagesRequest: HOSTS[0], RecognizeRequest: HOSTS[1]}
TOKEN = "ya29.a-token-of-the-test"
REVOKED = "revoked"


@dataclass(frozen=True)
class Call:
    """What reached Google: for which of its hosts, with which headers."""

    host: str
    headers: Mapping[str, str]
    request: Any


@dataclass
class Google:
    """The double. `calls` are kept in order; `annotate` and `recognise` are what it says."""

    folder: Path
    annotate: Callable[[BatchAnnotateImagesRequest], BatchAnnotateImagesResponse]
    recognise: Callable[[RecognizeRequest], RecognizeResponse]
    calls: list[Call] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    tunnels: list[str] = field(default_factory=list)
    root: Path = Path()
    proxy: str = ""

    @property
    def variables(self) -> dict[str, str]:
        """How a machine says which proxy leads to Google, and which roots it trusts."""
        roots = {name: str(self.root) for name in ("GRPC_DEFAULT_SSL_ROOTS_FILE_PATH", "REQUESTS_CA_BUNDLE")}
        return {"https_proxy": self.proxy, **roots}

    def of(self, host: str) -> list[Call]:
        return [call for call in self.calls if call.host == host]

    def person(self, name: str, **changes: Any) -> Path:
        """What `gcloud auth application-default login` writes."""
        fields = {
            "type": "authorized_user",
            "client_id": "a-client",
            "client_secret": "not-a-secret",
            "refresh_token": "a-refresh-token",
            "quota_project_id": "my-project",
        }
        return self._written(name, fields | changes)

    def service_account(self, name: str) -> Path:
        """A key file of a service account."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        fields = {
            "type": "service_account",
            "project_id": "its-project",
            "private_key_id": "1",
            "private_key": pem.decode(),
            "client_email": "me@its-project.iam.gserviceaccount.com",
            "client_id": "1",
            "token_uri": f"https://{HOSTS[2]}/token",
        }
        return self._written(name, fields)

    def _written(self, name: str, fields: Mapping[str, Any]) -> Path:
        path = self.folder / name
        path.write_text(json.dumps({name: value for name, value in fields.items() if value is not None}))
        path.chmod(0o400)
        return path


@contextmanager
def google(
    folder: Path,
    annotate: Callable[[BatchAnnotateImagesRequest], BatchAnnotateImagesResponse],
    recognise: Callable[[RecognizeRequest], RecognizeResponse],
) -> Iterator[Google]:
    """Runs it on loopback; certificates and credentials are written to `folder`."""
    double = Google(folder, annotate, recognise)
    key, chain, root = _certificates()
    double.root = folder / "root.pem"
    double.root.write_bytes(root)
    server = grpc.server(ThreadPoolExecutor(4))
    server.add_generic_rpc_handlers(_handlers(double))
    port = server.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials([(key, chain)]))
    server.start()
    tokens = _Tokens(double, _tls(folder, key, chain))
    proxy = _Proxy(double, {HOSTS[0]: port, HOSTS[1]: port, HOSTS[2]: int(tokens.server_address[1])})
    double.proxy = f"http://127.0.0.1:{proxy.server_address[1]}"
    try:
        yield double
    finally:
        for one in (tokens, proxy):
            one.shutdown()
            one.server_close()
        server.stop(None).wait()


def _handlers(double: Google) -> tuple[grpc.GenericRpcHandler, ...]:
    def handler(asks: Any, answers: Any, say: Callable[[Any], Any]) -> grpc.RpcMethodHandler:
        def answer(request: Any, context: grpc.ServicerContext) -> Any:
            headers = {name: str(value) for name, value in context.invocation_metadata()}
            double.calls.append(Call(_HOST_OF[asks], headers, request))
            return say(request)

        return grpc.unary_unary_rpc_method_handler(
            answer, request_deserializer=asks.deserialize, response_serializer=answers.serialize
        )

    vision = handler(BatchAnnotateImagesRequest, BatchAnnotateImagesResponse, double.annotate)
    speech = handler(RecognizeRequest, RecognizeResponse, double.recognise)
    return (
        grpc.method_handlers_generic_handler("google.cloud.vision.v1.ImageAnnotator", {"BatchAnnotateImages": vision}),
        grpc.method_handlers_generic_handler("google.cloud.speech.v2.Speech", {"Recognize": speech}),
    )


class _Tokens(ThreadingHTTPServer):
    """RFC 6749's token endpoint: a refresh token, or an assertion that a service account has signed, for a token."""

    daemon_threads = True

    def __init__(self, double: Google, tls: ssl.SSLContext) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                asked = {name: values[0] for name, values in parse_qs(body).items()}
                double.asked.append(asked)
                if asked.get("refresh_token") == REVOKED:
                    said = {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
                    return self._answer(400, said)
                return self._answer(200, {"access_token": TOKEN, "expires_in": 3600, "token_type": "Bearer"})

            def _answer(self, status: int, said: Mapping[str, Any]) -> None:
                data = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *args: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        self.socket = tls.wrap_socket(self.socket, server_side=True)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Proxy(socketserver.ThreadingTCPServer):
    """CONNECT, to Google's hosts alone: each ends at one of the double's TLS ports."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, double: Google, ports: Mapping[str, int]) -> None:
        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                method, _, target = self.rfile.readline().decode().partition(" ")
                target = target.partition(" ")[0]
                while self.rfile.readline().strip():
                    pass
                double.tunnels.append(target)
                host, _, asked = target.rpartition(":")
                if method != "CONNECT" or asked != "443" or host not in ports:
                    self.wfile.write(b"HTTP/1.1 403 Forbidden\r\n\r\n")
                    return
                with socket.create_connection(("127.0.0.1", ports[host])) as there:
                    self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                    self.wfile.flush()
                    back = threading.Thread(target=_pump, args=(there, self.connection), daemon=True)
                    back.start()
                    _pump(self.connection, there)
                    back.join(5)

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


def _tls(folder: Path, key: bytes, chain: bytes) -> ssl.SSLContext:
    both = folder / "server.pem"
    both.write_bytes(key + chain)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return context


def _certificates() -> tuple[bytes, bytes, bytes]:
    """The server's key and certificate, and the root that signed it; all PEM."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "A root of the tests")])
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOSTS[0])])
    now = datetime.now(UTC)

    def certificate(subject: x509.Name, public: Any, authority: bool) -> x509.Certificate:
        built = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(root_name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        )
        if not authority:
            names = [x509.DNSName(host) for host in HOSTS]
            built = built.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return built.sign(root_key, hashes.SHA256())

    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    root = certificate(root_name, root_key.public_key(), True).public_bytes(pem)
    return private, certificate(name, key.public_key(), False).public_bytes(pem), root
