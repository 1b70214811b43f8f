import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clientAs, openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { clientOf, freePort, startServer } from "../../e2e/running-site.ts";
import { BENCH, fieldsOf, setUpBench } from "../alarms/bench.fixture.ts";
import * as alarms from "../alarms/calls.ts";
import { addChannel, addRule } from "./bench.fixture.ts";
import * as notifications from "./calls.ts";

// The server process is killed between the raise of an alarm and its notification.

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-killed-"));
const WAIT = { timeout: 120_000, interval: 200 };
const NAMES = ["early", "soon", "late"];
let port: number;

/** Who takes messages, as long as it listens. */
class Receiver {
  readonly got: { readonly key: string; readonly alarms: readonly { readonly alarm: string }[] }[] = [];
  #server: Server | undefined;

  async start(): Promise<void> {
    this.#server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        this.got.push({ key: String(request.headers["idempotency-key"]), ...(JSON.parse(body) as { alarms: [] }) });
        response.writeHead(204).end();
      });
    }).listen(port, "127.0.0.1");
    await once(this.#server, "listening");
    expect((this.#server.address() as AddressInfo).port).toBe(port);
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => (this.#server === undefined ? resolve(undefined) : this.#server.close(resolve)));
  }

  /** How many messages, by their keys, named each alarm. */
  get named(): Readonly<Record<string, number>> {
    const messages = new Map(this.got.map((message) => [message.key, message]));
    const names = [...messages.values()].flatMap((message) => message.alarms.map(({ alarm }) => alarm.slice("alarmRule:".length)));
    return Object.fromEntries(NAMES.map((name) => [name, names.filter((each) => each === name).length]));
  }
}
const receiver = new Receiver();

beforeAll(async () => {
  port = await freePort();
  const closes: (() => Promise<unknown>)[] = [];
  const site = await openProduct(folder);
  await setUpBench(site, Object.fromEntries(NAMES.map((name) => [name, fieldsOf(name, { priority: 1 })])));
  const ada = await clientAs(site, "ada", "administrator", closes);
  const url = `http://127.0.0.1:${port}/`;
  const { id } = await addChannel(ada, { kind: "webhook", name: "Program", url, allowPrivate: true } as never);
  await addRule(ada, { name: "All", priorities: [1], steps: [{ afterMinutes: 0, to: [{ kind: "channel", channel: id }] }] });
  for (const close of closes) await close();
  await site.close();
}, 300_000);
afterAll(async () => {
  await receiver.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("[NT19] a server that is killed between a raise and its notification sends it when it is back: each alarm in one message, or in the digest of all", async () => {
  const moments: readonly ((client: ReturnType<typeof clientOf>, name: string) => Promise<unknown>)[] = [
    // answered, and perhaps not judged yet
    async () => undefined,
    async (client, name) =>
      expect.poll(async () => (await alarms.list(client)).map(({ rule }) => rule), WAIT).toContain(`alarmRule:${name}`),
    // on its way to somebody who does not listen
    async (client) => expect.poll(async () => (await notifications.state(client)).failing.length, WAIT).toBe(1),
  ];
  for (const [at, name] of NAMES.entries()) {
    const server = await startServer(folder);
    const client = clientOf(String(server.ready["url"]), "Ada");
    const bring = (value: number) =>
      client.requester.json("POST", `/connections/${encodeURIComponent(BENCH)}/samples`, {
        body: { values: [{ address: name, value }] },
      });
    await expect
      .poll(
        () =>
          bring(60).then(
            () => true,
            () => false,
          ),
        WAIT,
      )
      .toBe(true);
    await moments[at]!(client, name);
    await server.stop("SIGKILL");
  }
  await receiver.start();
  const server = await startServer(folder);
  try {
    await expect.poll(() => Object.values(receiver.named).every((count) => count > 0), { ...WAIT, timeout: 240_000 }).toBe(true);
    const client = clientOf(String(server.ready["url"]), "Ada");
    await expect.poll(async () => (await notifications.state(client)).waiting, WAIT).toBe(0);
    expect(receiver.named).toEqual(Object.fromEntries(NAMES.map((name) => [name, 1])));
  } finally {
    await server.stop("SIGKILL");
  }
}, 900_000);
