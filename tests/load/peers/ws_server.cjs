// Node and ws: one send() for each client.
const { createRequire } = require("node:module");
const { createServer } = require("node:net");
const { WebSocketServer } = createRequire(process.env.ENTRAIDE_PEERS + "/")("ws");

const [port, orders] = process.argv.slice(2).map(Number);
const text = "x".repeat(300);
const server = new WebSocketServer({ host: "127.0.0.1", port, perMessageDeflate: false, backlog: 4096 });
let heard = 0;
let teller = null;
server.on("connection", (client) => {
  client.on("error", () => {});
  client.on("message", (said) => {
    client.last = JSON.parse(said);
    if (++heard % 1000 === 0 && teller !== null) teller.write("k");
  });
});
createServer((line) => {
  teller = line;
  line.on("error", () => {}).on("data", (some) => {
    for (const _ of some) for (const client of server.clients) client.send(text);
  });
}).listen(orders, "127.0.0.1");
