// Socket.IO over its WebSocket transport: one emit to all.
const { createRequire } = require("node:module");
const { createServer } = require("node:net");
const { createServer: createHttp } = require("node:http");
const { Server } = createRequire(process.env.ENTRAIDE_PEERS + "/")("socket.io");

const [port, orders] = process.argv.slice(2).map(Number);
const text = "x".repeat(300);
const http = createHttp();
const io = new Server(http, { transports: ["websocket"], perMessageDeflate: false, pingInterval: 600000 });
http.listen(port, "127.0.0.1", 4096);
createServer((line) =>
  line.on("error", () => {}).on("data", (some) => {
    for (const _ of some) io.emit("m", text);
  }),
).listen(orders, "127.0.0.1");
