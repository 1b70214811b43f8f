import type { AddressInfo } from "node:net";
import { encodeSamplesFrame, PROTOCOL_VERSION } from "@doppelwerk/sync";
import type { ClientMessage, ServerMessage } from "@doppelwerk/sync";
import { quality, type LogEntry } from "@doppelwerk/world";
import { afterEach, expect, test } from "vitest";
import { WebSocketServer } from "ws";
import type { WebSocket as ServerSocket } from "ws";
import { createClient } from "./client.ts";
import type { LiveEvent, LiveSession } from "./live-session.ts";
import { liveValues } from "./live-values.ts";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** Time that stands until it is told to pass: pauses are tested without waiting for them. */
class HandClock {
  now = 1_000_000;
  readonly timers = new Map<number, { at: number; run: () => void }>();
  #next = 0;
  after = (milliseconds: number, run: () => void): (() => void) => {
    const id = this.#next++;
    this.timers.set(id, { at: this.now + milliseconds * 1000, run });
    return () => this.timers.delete(id);
  };
  pass(milliseconds: number): void {
    this.now += milliseconds * 1000;
    for (const [id, timer] of this.timers) {
      if (timer.at > this.now) continue;
      this.timers.delete(id);
      timer.run();
    }
  }
  pauses(): number[] {
    return [...this.timers.values()].map((timer) => (timer.at - this.now) / 1000).sort((a, b) => a - b);
  }
}

/** A real WebSocket server that is spoken by hand. */
class Partner {
  readonly #server: WebSocketServer;
  readonly sockets: ServerSocket[] = [];
  readonly heard: ClientMessage[] = [];
  readonly #waiting: { matches: (message: ClientMessage) => boolean; resolve: (message: ClientMessage) => void }[] = [];
  constructor(server: WebSocketServer) {
    this.#server = server;
    server.on("connection", (socket) => {
      this.sockets.push(socket);
      socket.on("message", (data) => {
        const message = JSON.parse(String(data)) as ClientMessage;
        this.heard.push(message);
        for (const waiting of this.#waiting.filter((candidate) => candidate.matches(message))) {
          this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
          waiting.resolve(message);
        }
      });
    });
  }
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }
  next<Kind extends ClientMessage["kind"]>(kind: Kind): Promise<Extract<ClientMessage, { kind: Kind }>> {
    return new Promise((resolve) => this.#waiting.push({ matches: (message) => message.kind === kind, resolve: resolve as never }));
  }
  say(message: ServerMessage): void {
    this.sockets.at(-1)!.send(JSON.stringify(message));
  }
  welcome(revision = 5): void {
    const self = { id: "person:x", name: "Anna", verified: false, color: "teal", presence: { branch: "live" } };
    this.say({
      kind: "welcome",
      protocol: PROTOCOL_VERSION,
      self,
      world: "default",
      revision,
      now: 42,
      branches: [],
      signals: [],
      people: [self],
    });
  }
  drop(): void {
    this.sockets.at(-1)!.terminate();
  }
}

async function meet(): Promise<{
  partner: Partner;
  clock: HandClock;
  live: LiveSession;
  events: LiveEvent[];
  until: (matches: (event: LiveEvent) => boolean) => Promise<void>;
}> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await new Promise((resolve) => server.once("listening", resolve));
  const partner = new Partner(server);
  const clock = new HandClock();
  const hello = partner.next("hello");
  const client = createClient({
    baseUrl: partner.url,
    person: { id: "person-0001", name: "Anna" },
    fetch: () => Promise.reject(new Error("unused")),
    WebSocket: WebSocket as never,
    after: clock.after,
    now: () => clock.now,
  });
  const live = client.live({ session: "tab" });
  const events: LiveEvent[] = [];
  const watchers: (() => void)[] = [];
  live.on((event) => {
    events.push(event);
    for (const watch of watchers) watch();
  });
  closers.push(() => {
    live.close();
    server.close();
    for (const socket of server.clients) socket.terminate();
  });
  const until = (matches: (event: LiveEvent) => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!events.some(matches)) return;
        watchers.splice(watchers.indexOf(look), 1);
        resolve();
      };
      watchers.push(look);
      look();
    });
  expect(await hello).toMatchObject({ protocol: PROTOCOL_VERSION, name: "Anna", client: "person-0001", branch: "live" });
  partner.welcome();
  await until((event) => event.kind === "welcome");
  return { partner, clock, live, events, until };
}

const offline = (event: LiveEvent): boolean => event.kind === "state" && event.state.kind === "offline";

test("[C4] hello, welcome, and everything that is said after it", async () => {
  const { partner, live, until, events } = await meet();
  expect(live.state()).toMatchObject({ kind: "online", self: { id: "person:x" } });
  const times = Float64Array.of(7);
  partner.sockets.at(-1)!.send(
    encodeSamplesFrame({
      origin: "measured",
      count: 1,
      signals: Uint32Array.of(0),
      values: Float64Array.of(3),
      texts: new Map(),
      qualities: Uint8Array.of(0),
      sourceTimes: times,
      serverTimes: times,
    }),
  );
  await until((event) => event.kind === "samples");
  partner.say({ kind: "person", person: { id: "person:y", name: "Bo", verified: false, color: "rose", presence: { branch: "live" } } });
  await until((event) => event.kind === "person");
  expect(live.people().get("person:y")?.name).toBe("Bo");
  expect(events.find((event) => event.kind === "samples")).toMatchObject({ batch: { count: 1 } });
});

test("[C5] offline since the break, growing pauses, and everything taken up again", async () => {
  const { partner, clock, live, until } = await meet();
  live.subscribe(["signal:a"]);
  live.documents("branch:1", ["element"]);
  live.presence({ branch: "live", view: "board" });
  clock.pass(50);
  clock.now = 9_000_000;
  partner.drop();
  await until(offline);
  expect(live.state()).toMatchObject({ kind: "offline", since: 9_000_000, attempt: 1 });
  expect(clock.pauses()).toContain(500);
  const again = [partner.next("hello"), partner.next("subscribe"), partner.next("documents"), partner.next("presence")] as const;
  clock.pass(500);
  expect(await again[0]).toMatchObject({ sinceRevision: 5 });
  partner.drop();
  await until((event) => event.kind === "state" && event.state.kind === "offline" && event.state.attempt === 2);
  expect(live.state()).toMatchObject({ since: 9_000_000, attempt: 2 });
  expect(clock.pauses()).toContain(1000);
  const hello = partner.next("hello");
  clock.pass(1000);
  await hello;
  partner.welcome();
  expect(await again[1]).toMatchObject({ signals: ["signal:a"] });
  expect(await again[2]).toMatchObject({ branch: "branch:1", kinds: ["element"] });
  expect(await again[3]).toMatchObject({ presence: { view: "board" } });
});

test("[C6] a push that was not answered is sent again under its id and resolves with its commit", async () => {
  const { partner, clock, live, until } = await meet();
  const first = partner.next("push");
  const change = { op: "create", record: { id: "box:1", kind: "box" } } as const;
  const pushed = live.push("branch:1", "a box", [change]);
  const { clientId } = await first;
  partner.drop();
  await until(offline);
  const [hello, second] = [partner.next("hello"), partner.next("push")];
  clock.pass(500);
  await hello;
  partner.welcome();
  expect((await second).clientId).toBe(clientId);
  const entry: LogEntry = {
    v: 1,
    revision: 6,
    time: 1,
    branch: "branch:1",
    actor: "person:x",
    reason: "a box",
    changes: [change],
    clientId,
    hash: "",
  };
  partner.say({ kind: "commit", entry, branch: undefined });
  expect((await pushed).revision).toBe(6);
});

test("[C7] a rejection says why and is rolled back in the replica", async () => {
  const { partner, live } = await meet();
  const replica = live.documents("branch:1");
  replica.load([{ id: "box:1", kind: "box", x: 1 }], 5, true);
  const sent = partner.next("push");
  const pushed = live.push("branch:1", "x", [{ op: "update", id: "box:1", fields: { x: { from: 1, to: 2 } } }]);
  expect(replica.get("box:1")).toMatchObject({ x: 2 });
  partner.say({ kind: "rejected", clientId: (await sent).clientId, code: "DW_CONFLICT", message: "Bo changed it" });
  await expect(pushed).rejects.toMatchObject({ code: "DW_CONFLICT", message: "Bo changed it" });
  expect(replica.get("box:1")).toMatchObject({ x: 1 });
  await expect(live.push("branch:1", "stale", [{ op: "update", id: "box:1", fields: { x: { from: 9, to: 2 } } }])).rejects.toMatchObject({
    code: "DW_CONFLICT",
  });
});

test("[C8] silence over two pings is a lost line", async () => {
  const { partner, clock, live, until } = await meet();
  const ping = partner.next("ping");
  clock.pass(10_000);
  await ping;
  expect(live.state().kind).toBe("online");
  clock.pass(10_000);
  await until(offline);
  expect(live.state().kind).toBe("offline");
});

test("[C9] closing ends everything that waits", async () => {
  const { live, clock } = await meet();
  const pushed = live.push("branch:1", "never", [{ op: "create", record: { id: "box:9", kind: "box" } }]);
  live.close();
  await expect(pushed).rejects.toMatchObject({ code: "DW_CANCELLED" });
  expect(clock.timers.size).toBe(0);
  expect(live.state().kind).toBe("closed");
});

test("[C15] live values: the newest of each signal and what was skipped, no bad value, until the session ends", async () => {
  const { partner, live, until } = await meet();
  partner.say({
    kind: "signals",
    signals: ["a", "b"].map((id) => ({ id, name: id, valueType: id === "a" ? "double" : "boolean" })) as never,
  });
  await until((event) => event.kind === "signals");
  const say = (rows: readonly [signal: number, value: number, quality: number][]) =>
    partner.sockets.at(-1)!.send(
      encodeSamplesFrame({
        origin: "measured",
        count: rows.length,
        signals: Uint32Array.from(rows, ([signal]) => signal),
        values: Float64Array.from(rows, ([, value]) => value),
        texts: new Map(),
        qualities: Uint8Array.from(rows, ([, , worth]) => worth),
        sourceTimes: Float64Array.from(rows, (_, index) => index),
        serverTimes: Float64Array.from(rows, (_, index) => index),
      }),
    );
  const values = liveValues(live, "all");
  const first = values.next();
  expect(await partner.next("subscribe")).toEqual({ kind: "subscribe", signals: "all" });
  say([
    [0, 1, quality.good],
    [0, 2, quality.good],
    [1, 1, quality.good],
  ]);
  expect((await first).value).toMatchObject({ signal: "a", value: 2, skipped: 1, quality: quality.good });
  expect((await values.next()).value).toMatchObject({ signal: "b", value: true, skipped: 0 });
  say([[0, 9, quality.bad]]);
  expect((await values.next()).value).toMatchObject({ signal: "a", value: undefined, quality: quality.bad });
  const last = values.next();
  live.close();
  expect(await last).toEqual({ done: true, value: undefined });
});
