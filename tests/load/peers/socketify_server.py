"""uWebSockets by its Python binding: subscriptions and publishing are the C++ library's own."""

import os
import socket
import sys
import threading
from typing import Protocol

TEXT = "x" * 300


class Socket(Protocol):
    def subscribe(self, topic: str) -> object: ...


def opened(one: Socket) -> None:
    one.subscribe("room")


def main() -> None:
    sys.path.insert(0, os.environ["ENTRAIDE_PEERS"])
    from socketify import App, CompressOptions, OpCode

    app = App()
    app.ws(
        "/",
        {
            "compression": CompressOptions.DISABLED,
            "max_payload_length": 16 * 1024,
            "idle_timeout": 0,
            "open": opened,
        },
    )

    def orders(port: int) -> None:
        """Another thread hears the orders and has the loop publish."""
        with socket.create_server(("127.0.0.1", port)) as listener:
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=obey, args=(connection,), daemon=True).start()

    def obey(connection: socket.socket) -> None:
        with connection:
            while some := connection.recv(64):
                app.loop.loop.call_soon_threadsafe(publish, len(some))

    def publish(times: int) -> None:
        for _ in range(times):
            app.publish("room", TEXT, OpCode.TEXT)

    threading.Thread(target=orders, args=(int(sys.argv[2]),), daemon=True).start()
    app.listen({"host": "127.0.0.1", "port": int(sys.argv[1])}, lambda config: None)
    app.run()


if __name__ == "__main__":
    main()
