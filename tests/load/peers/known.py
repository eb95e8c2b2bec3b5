"""Every server that is measured: the floor, ours, and each peer found on this machine."""

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from tests.load.native import built
from tests.load.peers.peer import INSTALLED, SIZE, Peer
from tests.support.ports import unused_port

HERE = Path(__file__).parent
PAYLOAD = "x" * SIZE
CENTRIFUGO_AROUND = '{"push":{"channel":"room","pub":{"data":""}}}'
NGINX_MODULE = Path("/usr/lib/nginx/modules/ngx_nchan_module.so")


#: By which the floor goes in every table.
FLOOR = "floor: send() in C"
#: What is left of a server in Python when it does nothing but write.
BARE = "bare loop on uvloop"


def floor() -> Peer:
    port, orders = unused_port(), unused_port()
    return Peer(
        name=FLOOR,
        command=(str(built("floor")), str(port), str(orders)),
        port=port,
        orders=orders,
    )


def bare() -> Peer:
    return _python(BARE, "tests.load.peers.bare_server")


def peers() -> tuple[list[Peer], list[str]]:
    """Those that are here, and the names of those that are not."""
    found: list[Peer] = []
    missing: list[str] = []
    for name, make in _MAKERS.items():
        peer = make()
        if peer is None:
            missing.append(name)
        else:
            found.append(peer)
    return found, missing


def _nchan() -> Peer | None:
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin")
    if nginx is None or not NGINX_MODULE.exists():
        return None
    port = unused_port()
    conf = f"""
        load_module {NGINX_MODULE};
        daemon off; master_process off; worker_processes 1; worker_rlimit_nofile 20000;
        pid nginx.pid; error_log stderr crit;
        events {{ worker_connections 19000; }}
        http {{
            access_log off; client_body_temp_path body; proxy_temp_path proxy;
            fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
            server {{
                listen 127.0.0.1:{port} backlog=4096; keepalive_requests 1000000;
                location /sub {{ nchan_subscriber websocket; nchan_channel_id room; }}
                location /pub {{ nchan_publisher; nchan_channel_id room; }}
            }}
        }}
    """
    order = f"POST /pub HTTP/1.1\r\nHost: x\r\nContent-Length: {SIZE}\r\n\r\n{PAYLOAD}"
    return Peer(
        name="nginx + nchan",
        command=(nginx, "-p", ".", "-c", "nginx.conf"),
        port=port,
        path="/sub",
        orders=port,
        order=order.encode(),
        files={"nginx.conf": conf},
    )


def _nats() -> Peer | None:
    program = shutil.which("nats-server", path="/usr/sbin:/usr/bin:/usr/local/bin")
    if program is None:
        return None
    port, plain = unused_port(), unused_port()
    conf = f"""
        host: 127.0.0.1, port: {plain}, max_connections: 20000
        websocket {{ host: 127.0.0.1, port: {port}, no_tls: true, compression: false }}
    """
    hello = b'CONNECT {"verbose":false,"pedantic":false}\r\n'
    return Peer(
        name="nats-server",
        command=(program, "-c", "nats.conf"),
        port=port,
        greetings=(hello + b"SUB room 1\r\nPING\r\n",),
        until="PONG",
        orders=plain,
        hello=hello,
        order=f"PUB room {SIZE}\r\n{PAYLOAD}\r\n".encode(),
        files={"nats.conf": conf},
    )


def _mosquitto() -> Peer | None:
    program = shutil.which("mosquitto", path="/usr/sbin:/usr/bin")
    if program is None:
        return None
    port, plain = unused_port(), unused_port()
    conf = (
        f"listener {port} 127.0.0.1\nprotocol websockets\nlistener {plain} 127.0.0.1\n"
        "allow_anonymous true\npersistence false\nmax_queued_messages 0\n"
    )
    # MQTT 3.1.1: CONNECT with a clean session and a name made by the server; SUBSCRIBE to "room".
    connect = bytes.fromhex("100c00044d51545404020000") + b"\0\0"
    subscribe = bytes.fromhex("8209000100") + b"\x04room\0"
    publish = b"\x30" + bytes((0x80 | (SIZE + 6) % 128, (SIZE + 6) // 128)) + b"\0\x04room"
    return Peer(
        name="mosquitto",
        command=(program, "-c", "mosquitto.conf"),
        port=port,
        path="/mqtt",
        subprotocol="mqtt",
        greetings=(connect, subscribe),
        orders=plain,
        hello=connect,
        order=publish + PAYLOAD.encode(),
        files={"mosquitto.conf": conf},
    )


def _node(
    name: str, module: str, program: str, *, path: str = "/", greeting: str = ""
) -> Peer | None:
    node = shutil.which("node")
    if node is None or not (INSTALLED / "node_modules" / module).is_dir():
        return None
    port, orders = unused_port(), unused_port()
    return Peer(
        name=name,
        command=(node, str(HERE / program), str(port), str(orders)),
        port=port,
        path=path,
        greetings=(greeting,) if greeting else (),
        orders=orders,
        environment={"ENTRAIDE_PEERS": str(INSTALLED / "node_modules")},
    )


def _node_ws() -> Peer | None:
    return _node("Node ws", "ws", "ws_server.cjs")


def _socket_io() -> Peer | None:
    path = "/socket.io/?EIO=4&transport=websocket"
    return _node("Socket.IO", "socket.io", "socketio_server.cjs", path=path, greeting="40")


def _python(name: str, module: str, *, installed: bool = False) -> Peer:
    port, orders = unused_port(), unused_port()
    return Peer(
        name=name,
        command=(sys.executable, "-m", module, str(port), str(orders)),
        port=port,
        orders=orders,
        environment={"ENTRAIDE_PEERS": str(INSTALLED / "python")} if installed else {},
    )


def _starlette() -> Peer:
    return _python("uvicorn + starlette", "tests.load.peers.starlette_server")


def _websockets() -> Peer:
    return _python("websockets broadcast()", "tests.load.peers.websockets_server")


def _socketify() -> Peer | None:
    if not (INSTALLED / "python" / "socketify").is_dir():
        return None
    return _python("uWebSockets (socketify)", "tests.load.peers.socketify_server", installed=True)


def _centrifugo() -> Peer | None:
    program = INSTALLED / "bin" / "centrifugo"
    if not program.exists():
        return None
    port = unused_port()
    conf = {
        "client": {"insecure": True, "allowed_origins": ["*"]},
        "channel": {"without_namespace": {"allow_subscribe_for_client": True}},
        "http_api": {"insecure": True},
        "http_server": {"address": "127.0.0.1", "port": str(port)},
        "log": {"level": "error"},
    }
    # Its frames are as long as the others', with its envelope.
    body = json.dumps({"channel": "room", "data": PAYLOAD[: SIZE - len(CENTRIFUGO_AROUND)]})
    order = (
        "POST /api/publish HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    )
    return Peer(
        name="Centrifugo",
        command=(str(program), "-c", "centrifugo.json"),
        port=port,
        path="/connection/websocket",
        greetings=('{"id":1,"connect":{}}\n{"id":2,"subscribe":{"channel":"room"}}',),
        until='"id":2',
        orders=port,
        order=order.encode(),
        environment={"GOMAXPROCS": "1"},
        files={"centrifugo.json": json.dumps(conf)},
    )


_MAKERS: dict[str, Callable[[], Peer | None]] = {
    "nginx + nchan": _nchan,
    "uWebSockets (socketify)": _socketify,
    "Node ws": _node_ws,
    "websockets broadcast()": _websockets,
    "nats-server": _nats,
    "Socket.IO": _socket_io,
    "Centrifugo": _centrifugo,
    "uvicorn + starlette": _starlette,
    "mosquitto": _mosquitto,
}
