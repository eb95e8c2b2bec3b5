"""The ordinary site that "vite, je quitte" leads to, played on this machine, slow as a bad line is.

It keeps what each visit told of the page before, which should be nothing.
"""

import datetime as dt
import ssl
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

#: Where pages go when nobody has configured another site.
HOST = "meteofrance.com"
#: Long enough to see what a phone shows meanwhile.
SLOW_S = 0.7
PAGE = b"<!doctype html><html lang=fr><title>M\xc3\xa9t\xc3\xa9o</title><h1>Beau temps</h1></html>"


@dataclass(slots=True)
class NeutralSite:
    port: int
    #: The request headers of each visit, names in small letters.
    visits: list[dict[str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"https://{HOST}/"


@contextmanager
def neutral_site() -> Iterator[NeutralSite]:
    site = NeutralSite(0)

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/":
                site.visits.append({name.lower(): value for name, value in self.headers.items()})
                time.sleep(SLOW_S)
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(PAGE)))
            self.end_headers()
            self.wfile.write(PAGE)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    server.daemon_threads = True
    server.socket = _certified().wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _certified() -> ssl.SSLContext:
    """A certificate that only a browser told to ignore certificates accepts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "both.pem"
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context.load_cert_chain(file)
    return context
