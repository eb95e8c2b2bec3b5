// A phone written with npm `centrifuge`, as our pages are. It obeys lines of JSON on standard
// input ({do, ...}) and tells everything that happens as lines of JSON ({happened, ...}).

import { createRequire } from "node:module";
import { createInterface } from "node:readline";

// The pages' own copy of the package: what is tested is what is served.
const require = createRequire(new URL("../../../web/client/package.json", import.meta.url));
const { Centrifuge } = require("centrifuge");

const tell = (happened, more = {}) => process.stdout.write(`${JSON.stringify({ happened, ...more })}\n`);
const waiting = { ticket: [], place: [] };
const ask = (what, more = {}) =>
  new Promise((resolve) => {
    waiting[what].push(resolve);
    tell(`wants ${what}`, more);
  });

const client = new Centrifuge(process.argv[2], {
  getToken: () => ask("ticket"),
  minReconnectDelay: 20,
  maxReconnectDelay: 200,
});
client.on("connecting", ({ code }) => tell("connecting", { code }));
client.on("connected", () => tell("connected"));
client.on("disconnected", ({ code }) => tell("disconnected", { code }));
client.on("error", ({ error }) => tell("error", { code: error.code }));
client.on("subscribed", ({ channel, recovered }) => tell("home", { channel, recovered }));
client.on("unsubscribed", ({ channel }) => tell("home lost", { channel }));
client.on("publication", ({ channel, data, offset }) => tell("told", { channel, data, offset }));

function listen({ channel, snapshot }) {
  const options = { recoverable: true, positioned: true, joinLeave: true };
  if (snapshot) {
    options.getState = () => ask("place", { channel });
  }
  const room = client.newSubscription(channel, options);
  room.on("subscribed", ({ wasRecovering, recovered, streamPosition }) =>
    tell("subscribed", { channel, wasRecovering, recovered, place: streamPosition }));
  room.on("unsubscribed", ({ code }) => tell("unsubscribed", { channel, code }));
  room.on("publication", ({ data, offset }) => tell("publication", { channel, data, offset }));
  room.on("join", ({ info }) => tell("join", { channel, seat: info.user }));
  room.on("leave", ({ info }) => tell("leave", { channel, seat: info.user }));
  room.on("error", ({ error }) => tell("subscription error", { channel, code: error.code }));
  room.subscribe();
}

const answered = (promise) =>
  promise.then(
    (answer) => tell("answer", { answer: answer ?? null }),
    (error) => tell("refused", { code: error.code, name: error.message, temporary: error.temporary ?? false }),
  );

const orders = {
  connect: () => client.connect(),
  ticket: ({ ticket }) => waiting.ticket.shift()(ticket),
  place: ({ offset, epoch }) => waiting.place.shift()({ offset, epoch }),
  listen,
  again: ({ channel }) => {
    const room = client.getSubscription(channel);
    room.unsubscribe();
    room.subscribe();
  },
  say: ({ channel, data }) => answered(client.publish(channel, data)),
  call: ({ method, data }) => answered(client.rpc(method, data).then((result) => result.data)),
  presence: ({ channel }) =>
    answered(client.presence(channel).then(({ clients }) => Object.values(clients).map((it) => it.user).sort())),
  history: ({ channel, limit }) =>
    answered(client.history(channel, { limit }).then(({ publications }) => publications.map((it) => it.data))),
  send: ({ data }) => answered(client.send(data)),
};

createInterface({ input: process.stdin })
  .on("line", (line) => {
    const order = JSON.parse(line);
    orders[order.do](order);
  })
  .on("close", () => process.exit(0));
