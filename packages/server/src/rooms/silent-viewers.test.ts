import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { openHostedWorld, type HostedWorld } from "../compose/open-hosted-world.ts";
import { createSiteApp } from "../compose/register-routes.ts";
import { MAX_UNANSWERED } from "./silent-sockets.ts";

// Real sockets against the room of a whole site; time passes by sweeps that the test makes.
const folder = mkdtempSync(join(tmpdir(), "doppelwerk-silent-"));
let site: HostedWorld;
let app: FastifyInstance;
let address: URL;

beforeAll(async () => {
  site = await openHostedWorld({ dataDirectory: folder, logger: pino({ level: "silent" }), workers: 1 });
  app = await createSiteApp(site);
  // Longer than any test: the sweeps are those that the tests make.
  site.hub.attach(app.server, 2 ** 30);
  address = new URL(await app.listen({ port: 0, host: "127.0.0.1" }));
});
afterAll(async () => {
  await app.close();
  await site.close();
  rmSync(folder, { recursive: true, force: true });
});

test("[SV158] an app that closes ends its own WebSockets and leaves those of other apps of the same site", async () => {
  const other = await createSiteApp(site);
  site.hub.attach(other.server, 2 ** 30);
  const origin = new URL(await other.listen({ port: 0, host: "127.0.0.1" }));
  const stays = await new Viewer().hello("Ada");
  const goes = await new Viewer("/ws", origin).hello("Ben");
  const gone = once(goes.socket, "close");
  await other.close();
  expect((await gone)[0]).toBe(1001);
  await stays.settled();
  const later = await new Viewer().hello("Cleo");
  await later.settled();
  stays.socket.close();
  later.socket.close();
});

type Message = { readonly kind: string; readonly people?: readonly { readonly name: string }[] };

class Viewer {
  readonly socket: WebSocket;
  readonly heard: Message[] = [];
  constructor(path = "/ws", at = address) {
    this.socket = new WebSocket(`ws://${at.host}${path}`);
    this.socket.on("error", () => undefined);
    this.socket.on("message", (data, isBinary) => {
      if (!isBinary) this.heard.push(JSON.parse(String(data)) as Message);
    });
  }
  async hello(name: string): Promise<this> {
    await once(this.socket, "open");
    this.socket.send(JSON.stringify({ kind: "hello", protocol: 1, name, client: `secret of ${name}`, branch: "live" }));
    await expect.poll(() => this.heard.some(({ kind }) => kind === "welcome")).toBe(true);
    return this;
  }
  /** What the server got before this is worked off. */
  async settled(): Promise<void> {
    const before = this.heard.filter(({ kind }) => kind === "pong").length;
    this.socket.send('{"kind":"ping","t":1}');
    await expect.poll(() => this.heard.filter(({ kind }) => kind === "pong").length).toBe(before + 1);
  }
  present(): readonly string[] | undefined {
    return this.heard.findLast(({ people }) => people !== undefined)?.people?.map(({ name }) => name);
  }
}

async function sweepAndAnswer(viewer: Viewer): Promise<void> {
  const asked = once(viewer.socket, "ping");
  site.hub.sweep();
  await asked;
  await viewer.settled();
}

test("[SV136] a viewer who stops reading leaves the room after some questions without an answer; who answers stays, however long he says nothing", async () => {
  const alive = await new Viewer().hello("Ada");
  const frozen = await new Viewer().hello("Bo");
  expect(site.hub.viewers).toBe(2);
  // As a laptop that sleeps: the connection stays open, nothing is read and nothing is answered.
  (frozen.socket as unknown as { readonly _socket: Socket })._socket.pause();
  for (let sweep = 0; sweep < MAX_UNANSWERED; sweep++) await sweepAndAnswer(alive);
  expect(site.hub.viewers).toBe(2);
  site.hub.sweep();
  await expect.poll(() => site.hub.viewers).toBe(1);
  for (let sweep = 0; sweep < 3 * MAX_UNANSWERED; sweep++) await sweepAndAnswer(alive);
  expect([site.hub.viewers, alive.socket.readyState]).toEqual([1, WebSocket.OPEN]);
  const late = await new Viewer().hello("Cy");
  expect(late.present()?.toSorted()).toEqual(["Ada", "Cy"]);
  frozen.socket.terminate();
  alive.socket.terminate();
  late.socket.terminate();
  await expect.poll(() => site.hub.viewers).toBe(0);
});

test("[SV136] a connection that never says hello is closed, and so is a half-open one to events; one that said hello late but in time stays", async () => {
  const mute = new Viewer();
  const slow = new Viewer();
  await Promise.all([once(mute.socket, "open"), once(slow.socket, "open")]);
  site.hub.sweep();
  site.hub.sweep();
  slow.socket.send(JSON.stringify({ kind: "hello", protocol: 1, name: "Di", client: "secret of Di", branch: "live" }));
  await slow.settled();
  const closed = once(mute.socket, "close") as Promise<[number]>;
  site.hub.sweep();
  expect((await closed)[0]).toBe(1008);
  expect(slow.socket.readyState).toBe(WebSocket.OPEN);
  slow.socket.terminate();
  // Raw: a client of WebSockets would answer by itself.
  const raw = connect(Number(address.port), "127.0.0.1");
  raw.write(
    `GET /api/doppelwerk/v1/branches/live/events HTTP/1.1\r\nHost: ${address.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: cloudevents.json\r\n\r\n",
  );
  const [begun] = (await once(raw, "data")) as [Buffer];
  expect(begun.toString()).toContain("101 Switching");
  raw.on("data", () => undefined);
  const gone = once(raw, "close");
  for (let sweep = 0; sweep <= MAX_UNANSWERED; sweep++) site.hub.sweep();
  await gone;
});

test("[SV355] who answers questions that he did not read is cut off like who answers none", async () => {
  const raw = connect(Number(address.port), "127.0.0.1");
  raw.on("error", () => undefined);
  raw.write(
    `GET /api/doppelwerk/v1/branches/live/events HTTP/1.1\r\nHost: ${address.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: cloudevents.json\r\n\r\n",
  );
  await once(raw, "data");
  raw.on("data", () => undefined);
  const gone = once(raw, "close");
  // pongs without and with a text that nobody asked for, masked with zeros
  const pongs = [Buffer.from([0x8a, 0x80, 0, 0, 0, 0]), Buffer.from([0x8a, 0x82, 0, 0, 0, 0, 0x6f, 0x6b])];
  for (let sweep = 0; sweep <= MAX_UNANSWERED; sweep++) {
    for (const pong of pongs) await new Promise<unknown>((resolve) => raw.write(pong, resolve));
    await new Promise((resolve) => setTimeout(resolve, 20));
    site.hub.sweep();
  }
  await gone;
});
