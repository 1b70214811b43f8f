import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { ServerMessage } from "@doppelwerk/sync";
import { createAccessGate } from "@doppelwerk/trust";
import type { Commit, WorldRecord, WorldView } from "@doppelwerk/world";
import { afterAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { SignalAccess } from "../live/readable-signals.ts";
import { SignalDirectory } from "../live/signal-directory.ts";
import { Hub } from "./hub.ts";

// Windows that ask and do not read, over real sockets.
const signals = new SignalDirectory();
const access = new SignalAccess(createAccessGate({ rolesOf: () => ["viewer"] }), signals.table, () => signals.entries());
/** 20 MB in ten pages. */
const records = Array.from(
  { length: 20_000 },
  (_, n) => ({ id: `r${n}`, kind: "shell", text: "x".repeat(1_000) }) as unknown as WorldRecord,
);
let queries = 0;
const committed = new Set<(commit: Commit) => void>();
const hub = new Hub({
  worldName: "default",
  now: () => 0,
  person: (_request, _secret, name) => ({ id: name, name, verified: true, roles: [] }),
  view: (principal) =>
    ({
      principal,
      branches: () => [],
      revision: () => 7,
      onCommit(listener: (commit: Commit) => void) {
        committed.add(listener);
        return () => committed.delete(listener);
      },
      may: () => ({ allowed: true }),
      reader: () => ({
        query() {
          queries++;
          return records;
        },
      }),
    }) as unknown as WorldView,
  mayReadSignal: () => true,
  hides: () => false,
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

class Window {
  readonly socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`);
  readonly heard: ServerMessage[] = [];
  constructor() {
    this.socket.on("message", (data) => this.heard.push(JSON.parse(String(data)) as ServerMessage));
    this.socket.on("error", () => {});
  }
  async hello(): Promise<this> {
    await once(this.socket, "open");
    this.socket.send(JSON.stringify({ kind: "hello", protocol: 2, client: "person-secret-0001", name: "Ada", branch: "live" }));
    await once(this.socket, "message");
    return this;
  }
  ask(times: number): void {
    for (let n = 0; n < times; n++) this.socket.send(JSON.stringify({ kind: "documents", branch: "live", kinds: ["shell"] }));
  }
  /** Nothing is read from the network any more. */
  pause(): void {
    (this.socket as unknown as { readonly _socket: Socket })._socket.pause();
  }
  resume(): void {
    (this.socket as unknown as { readonly _socket: Socket })._socket.resume();
  }
}

test("[SV315] documents are made as they are read: a window that asks twenty times and reads later has everything, in order, and costs a page meanwhile", async () => {
  const window = await new Window().hello();
  window.pause();
  window.ask(20);
  await expect.poll(() => queries).toBeGreaterThan(0);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(queries).toBeLessThanOrEqual(2);
  window.resume();
  await expect.poll(() => window.heard.filter((one) => one.kind === "records" && one.complete).length, { timeout: 60_000 }).toBe(20);
  const pages = window.heard.filter((one) => one.kind === "records");
  expect(pages.map(({ records: some }) => some.length)).toEqual(Array<number>(200).fill(2_000));
  expect(new Set(pages.map(({ revision }) => revision))).toEqual(new Set([7]));
  window.socket.close();
}, 120_000);

test("[SV315] a window that asks for more and more and reads nothing is closed; another one is answered", async () => {
  const greedy = await new Window().hello();
  greedy.pause();
  const viewers = hub.viewers;
  greedy.ask(200);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const other = await new Window().hello();
  other.ask(1);
  await expect.poll(() => other.heard.some((one) => one.kind === "records" && one.complete), { timeout: 30_000 }).toBe(true);
  greedy.resume();
  await once(greedy.socket, "close");
  expect(greedy.heard.some((one) => one.kind === "refused" && one.code === "DW_TOO_OFTEN")).toBe(true);
  // the other one alone is left
  await expect.poll(() => hub.viewers).toBe(viewers);
  other.socket.close();
}, 120_000);

test("[SV315] a window that leaves 128 MB of changes unread is cut off", async () => {
  await expect.poll(() => hub.viewers).toBe(0);
  const window = await new Window().hello();
  window.pause();
  const entry = { revision: 8, branch: "live", changes: [], reason: "x".repeat(4_000_000), actor: "a" };
  for (let n = 0; n < 60; n++) for (const tell of committed) tell({ entry } as unknown as Commit);
  await expect.poll(() => hub.viewers).toBe(0);
  window.socket.terminate();
}, 60_000);

test("[SV355] a window that sends more than 5,000 messages in ten seconds is closed with the reason, and what it sends meanwhile is not looked at", async () => {
  const flood = await new Window().hello();
  const closed = once(flood.socket, "close");
  for (let n = 0; n < 5_500; n++) flood.socket.send(JSON.stringify({ kind: "ping", t: n }));
  await closed;
  const refused = flood.heard.filter(({ kind }) => kind === "refused");
  expect(refused).toEqual([expect.objectContaining({ code: "DW_TOO_OFTEN" })]);
  // the hello was one of them
  expect(flood.heard.filter(({ kind }) => kind === "pong")).toHaveLength(4_999);
  const other = await new Window().hello();
  other.socket.close();
}, 60_000);

test("[SV355] all windows together leave 256 MB unread at most: whoever has most is cut off, and who reads is told everything", async () => {
  await expect.poll(() => hub.viewers).toBe(0);
  const tell = (revision: number): void => {
    const entry = { revision, branch: "live", changes: [], reason: "x".repeat(4_000_000), actor: "a" };
    for (const one of committed) one({ entry } as unknown as Commit);
  };
  const windows = [await new Window().hello(), await new Window().hello(), await new Window().hello()];
  const reader = await new Window().hello();
  windows[0]!.pause();
  tell(1);
  for (const window of windows.slice(1)) window.pause();
  for (let n = 0; n < 25; n++) {
    tell(2 + n);
    await expect.poll(() => reader.heard.filter(({ kind }) => kind === "commit").length, { timeout: 20_000 }).toBe(n + 2);
  }
  await expect.poll(() => hub.viewers).toBe(3);
  for (const window of [...windows, reader]) window.socket.terminate();
}, 120_000);
