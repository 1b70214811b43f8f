import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { decodeSamplesFrame, type ServerMessage } from "@doppelwerk/sync";
import { createAccessGate } from "@doppelwerk/trust";
import { LIVE, type SampleBatch, type SignalRecord, type WorldView } from "@doppelwerk/world";
import { afterAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { SignalAccess } from "../live/readable-signals.ts";
import { SignalDirectory } from "../live/signal-directory.ts";
import { Hub } from "./hub.ts";

const roles = new Map<string, readonly string[]>();
const gate = createAccessGate({ rolesOf: ({ id }) => roles.get(id) ?? [] });
const signals = new SignalDirectory();
const access = new SignalAccess(gate, signals.table, () => signals.entries());
const put = (id: string, readers?: readonly string[]) => {
  const record = { id, kind: "signal", name: id, valueType: "double", ...(readers && { readers }) } as SignalRecord;
  signals.follow({ branch: LIVE, changes: [{ op: "create", record }] } as never, { get: () => record } as never);
  access.changed();
};
put("signal:open");
put("signal:secret", ["engineer"]);

const hub = new Hub({
  worldName: "default",
  now: () => 0,
  person: (_request, _secret, name) => ({ id: name, name, verified: true, roles: [] }),
  view: (principal) =>
    ({
      principal,
      branches: () => [],
      revision: () => 0,
      onCommit: () => () => {},
      may: () => ({ allowed: true }),
    }) as unknown as WorldView,
  mayReadSignal: (principal, id) => gate.mayRead(principal, signals.record(id)!),
  hides: (principal, id) => principal.name === "Bob" && id === "connection:secret",
  readable: (principal) => access.of(principal),
  lastSamples: (wanted) => signals.lastSamples(wanted),
  log: () => {},
});
const server = createServer();
hub.attach(server);
server.listen(0, "127.0.0.1");
await once(server, "listening");
afterAll(async () => {
  await hub.close();
  server.close();
});

class Viewer {
  readonly messages: ServerMessage[] = [];
  readonly values: string[] = [];
  readonly socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`);
  constructor() {
    this.socket.on("message", (data, isBinary) => {
      if (!isBinary) return void this.messages.push(JSON.parse(String(data)) as ServerMessage);
      const { count, signals: rows, values } = decodeSamplesFrame(new Uint8Array(data as Buffer));
      for (let row = 0; row < count; row++) this.values.push(`${signals.entries()[rows[row]!]!.id} ${values[row]}`);
    });
  }
  async join(name: string, subscription: "all" | readonly string[]): Promise<this> {
    await once(this.socket, "open");
    this.socket.send(JSON.stringify({ kind: "hello", protocol: 2, name, client: `secret of ${name}`, branch: LIVE }));
    this.socket.send(JSON.stringify({ kind: "subscribe", signals: subscription }));
    await expect.poll(() => this.messages.some(({ kind }) => kind === "welcome")).toBe(true);
    return this;
  }
  async settled(): Promise<this> {
    const pongs = () => this.messages.filter(({ kind }) => kind === "pong").length;
    const before = pongs();
    this.socket.send('{"kind":"ping","t":1}');
    await expect.poll(pongs).toBe(before + 1);
    return this;
  }
  signals(): readonly (string | undefined)[] | undefined {
    const last = this.messages.findLast((message) => message.kind === "welcome" || message.kind === "signals");
    return last && "signals" in last ? last.signals.map((entry) => entry?.id) : undefined;
  }
}

const tick = (value: number): SampleBatch => ({
  origin: "measured",
  count: 2,
  signals: Uint32Array.of(0, 1),
  values: Float64Array.of(value, value + 0.5),
  qualities: new Uint8Array(2),
  sourceTimes: Float64Array.of(1, 1),
  serverTimes: Float64Array.of(1, 1),
  texts: new Map(),
});

test("[SV140] a viewer receives name and values of the signals that he may read, and a right taken away is cut with the next tick", async () => {
  roles.set("Ada", ["engineer"]).set("Bob", ["operator"]);
  const ada = await new Viewer().join("Ada", "all");
  const bob = await new Viewer().join("Bob", "all");
  const eve = await new Viewer().join("Bob", ["signal:secret", "signal:open"]);
  for (const viewer of [ada, bob, eve]) await viewer.settled();
  expect([ada.signals(), bob.signals()]).toEqual([
    ["signal:open", "signal:secret"],
    ["signal:open", undefined],
  ]);
  hub.publish(tick(1));
  for (const viewer of [ada, bob, eve]) await viewer.settled();
  expect([ada.values, bob.values, eve.values]).toEqual([["signal:open 1", "signal:secret 1.5"], ["signal:open 1"], ["signal:open 1"]]);
  hub.publishTopic({ id: "alarms.changed", summary: "", action: "read", payload: undefined as never }, { rule: "r" }, ["signal:secret"]);
  hub.publishTopic(
    { id: "connect.status", summary: "", action: "read", subject: "payload.id", payload: undefined as never },
    { id: "connection:secret" },
    [],
  );
  roles.set("Ada", ["operator"]);
  hub.publish(tick(2));
  for (const viewer of [ada, bob]) await viewer.settled();
  expect(ada.values.slice(2)).toEqual(["signal:open 2"]);
  expect(ada.signals()).toEqual(["signal:open", undefined]);
  expect([ada, bob].map(({ messages }) => messages.filter(({ kind }) => kind === "topic").length)).toEqual([2, 0]);
  roles.set("Bob", ["administrator"]);
  hub.publish(tick(3));
  await bob.settled();
  expect(bob.values.slice(-2)).toEqual(["signal:open 3", "signal:secret 3.5"]);
});
