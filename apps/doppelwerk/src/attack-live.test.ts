import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { SYSTEM } from "@doppelwerk/server/site";
import { LIVE } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  FOREIGN_BRANCH_NAME,
  gate,
  leaks,
  openAttackedPlant,
  people,
  SECRETS,
  SIGNAL,
  type AttackedPlant,
  type Person,
} from "./attack-plant.fixture.ts";
import { hostileOthers, hostileStrings } from "./attack-bodies.fixture.ts";
import { hostileBodies, sampleOf, type Schema } from "./attack-values.fixture.ts";
import { productFeatures } from "./features.ts";
import { asSeenBy } from "./attack-plant.fixture.ts";
import { serveAs } from "./site-of-product.fixture.ts";

// What is pushed to people, and what an assistant asks for in a person's place.

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-attack-live-"));
let plant: AttackedPlant;
let server: Server;
let url: string;

beforeAll(async () => {
  plant = await openAttackedPlant(join(folder, "data"));
  server = createServer();
  plant.site.hub.attach(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`;
});
afterAll(async () => {
  await plant?.site.close();
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** One who joined, with every octet that came. */
class Viewer {
  readonly frames: Buffer[] = [];
  readonly #socket: WebSocket;
  readonly #joined: Promise<void>;

  constructor({ name }: Person) {
    this.#socket = new WebSocket(url);
    this.#socket.binaryType = "arraybuffer";
    this.#socket.onmessage = ({ data }) => this.frames.push(Buffer.from(data as string));
    const hello = { kind: "hello", protocol: 2, samplesFrame: 2, name, client: `secret of ${name}`, branch: LIVE };
    this.#joined = new Promise((resolve, reject) => {
      this.#socket.onopen = () => resolve(this.#socket.send(JSON.stringify(hello)));
      this.#socket.onerror = () => reject(new Error("no socket"));
    });
  }

  get messages(): readonly { readonly kind: string; readonly [field: string]: unknown }[] {
    return this.frames.flatMap((frame) => (frame[0] === 0x7b ? [JSON.parse(frame.toString())] : []));
  }

  async send(message: unknown): Promise<void> {
    await this.#joined;
    this.#socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  /** Everything that was sent before is answered. */
  async settled(): Promise<void> {
    const t = Math.random();
    await this.send({ kind: "ping", t });
    await expect.poll(() => this.messages.some((message) => message.kind === "pong" && message["t"] === t) || this.isClosed).toBe(true);
  }

  get isClosed(): boolean {
    return this.#socket.readyState >= WebSocket.CLOSING;
  }

  close(): void {
    this.#socket.close();
  }
}

const KINDS = ["shell", "submodel", "element", "conceptDescription", "signal", "connection", "mergeRequest", "comment", "alarmRule"];

test("[AT8] over the live protocol nobody gets a document, a value or a topic that he may not read, and a write of it is refused as if it were not there", async () => {
  const wrong: string[] = [];
  // what comes over a key: features/links
  const viewers = people.filter(({ scope }) => scope === undefined).map((person) => ({ person, viewer: new Viewer(person) }));
  for (const { person, viewer } of viewers) {
    await viewer.send({ kind: "subscribe", signals: "all" });
    await viewer.send({ kind: "subscribe", signals: [SIGNAL.own, SIGNAL.foreign, SIGNAL.missing] });
    for (const branch of [LIVE, plant.branch.own]) {
      if (!gate.decide(person, "read", branch).allowed) continue;
      await viewer.send({ kind: "documents", branch, kinds: KINDS });
    }
    for (const [clientId, id] of [
      ["1", plant.element.foreign],
      ["2", plant.element.missing],
    ] as const)
      await viewer.send({
        kind: "push",
        clientId,
        branch: LIVE,
        reason: "an attack",
        changes: [{ op: "update", id, fields: { value: { from: "a", to: "b" } } }],
      });
    await viewer.settled();
  }
  const topics = productFeatures.flatMap(({ feature }) => feature.topics);
  expect(topics.length).toBeGreaterThan(0);
  for (const topic of topics)
    for (const [input, payload] of [
      [SIGNAL.own, "own-topic"],
      [SIGNAL.foreign, SECRETS.attachment],
    ] as const)
      plant.site.hub.publishTopic(topic, { payload }, [input]);
  for (const topic of topics)
    if ("branch" in topic) plant.site.hub.publishTopic(topic, { payload: FOREIGN_BRANCH_NAME, branch: plant.branch.foreign }, []);
  const revision = plant.site.view(SYSTEM).revision();
  for (const { person, viewer } of viewers) {
    await viewer.settled();
    const mayRead = gate.decide(person, "read", LIVE).allowed;
    for (const leak of leaks(person, Buffer.concat(viewer.frames))) wrong.push(`${person.name} got ${leak}`);
    const pushed = viewer.messages.filter(({ kind }) => kind === "topic").length;
    const expected =
      topics.filter(({ action }) => gate.decide(person, action, LIVE).allowed).length * (person.secrets.length === 0 ? 2 : 1);
    if (!viewer.isClosed && pushed < expected) wrong.push(`${person.name} got ${pushed} of ${expected} topics`);
    // what is about a branch goes to who may read that branch, all else to who may read live
    const foreign = viewer.messages.filter((one) => one.kind === "topic" && !gate.decide(person, "read", branchOf(one)).allowed);
    if (foreign.length > 0) wrong.push(`${person.name} got topics of branches that may not be read`);
    if (!mayRead && viewer.frames.some((frame) => frame[0] !== 0x7b && frame.includes("pressure")))
      wrong.push(`${person.name} got samples`);
    const refusals = viewer.messages.filter(({ kind }) => kind === "rejected").map((message) => JSON.stringify(message));
    const [hidden, missing] = refusals.map((text) =>
      text
        .replaceAll(plant.element.foreign, "ID")
        .replaceAll(plant.element.missing, "ID")
        .replace(/"clientId":"\d"/, ""),
    );
    if (person.secrets.length > 0 && hidden !== missing) wrong.push(`${person.name}: ${hidden} ≠ ${missing}`);
    viewer.close();
  }
  expect(plant.site.view(SYSTEM).revision()).toBe(revision);
  expect(wrong).toEqual([]);
});

/** The branch that a topic says it is about. */
const branchOf = ({ payload }: Viewer["messages"][number]): string => (payload as { readonly branch?: string }).branch ?? LIVE;

test("[AT9] messages that are none end their own connection only", async () => {
  const stays = new Viewer(people.at(-1)!);
  await stays.settled();
  for (const body of hostileBodies) {
    const viewer = new Viewer(people.at(-1)!);
    await viewer.settled();
    await viewer.send(body);
    await expect.poll(() => viewer.isClosed).toBe(true);
    expect(viewer.messages.at(-1)).toMatchObject({ kind: "refused", code: "DW_INVALID", reason: { code: expect.any(String) } });
    expect(JSON.stringify(viewer.messages.at(-1))).not.toContain("the server failed");
  }
  await stays.settled();
  stays.close();
});

test("[AT10] no tool of the assistant tells a person what he may not read, or writes what he may not write", async () => {
  const wrong: string[] = [];
  let hostile = 0;
  const names = ["nobody", "viewer", "oneBranch", "oneSignal"];
  for (const person of people.filter(({ name }) => names.includes(name))) {
    const { origin, close } = await serveAs(asSeenBy(plant.site, person), person);
    const main = fileURLToPath(new URL("main.ts", import.meta.url));
    const assistant = new Client({ name: "attack", version: "1" });
    await assistant.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [main, "mcp", "--server", origin, "--as", person.name],
        stderr: "ignore",
      }),
    );
    const { tools } = await assistant.listTools();
    expect(tools.length).toBeGreaterThan(10);
    for (const { name, inputSchema, annotations } of tools)
      for (const which of ["own", "foreign", "missing"] as const) {
        const known = (field: string): unknown =>
          ({
            signal: SIGNAL[which],
            branch: plant.branch[which],
            path: "/shells",
            from: "2026-01-01T00:00:00Z",
            to: "2026-11-01T00:00:00Z",
            text: "a",
          })[field];
        const before = plant.site.view(SYSTEM).revision();
        const given = sampleOf(inputSchema as Schema, known, {}) as Record<string, unknown>;
        const { content } = await assistant.callTool({ name, arguments: given });
        const text = JSON.stringify(content);
        for (const leak of leaks(person, Buffer.from(text))) wrong.push(`${person.name}: ${name} tells ${leak}: ${text.slice(0, 300)}`);
        const mayWrite = annotations?.readOnlyHint !== true && person.name === "oneBranch" && which === "own";
        if (!mayWrite && plant.site.view(SYSTEM).revision() !== before) wrong.push(`${person.name}: ${name} wrote something`);
        if (/failed inside the server|DW_BUG/.test(text)) wrong.push(`${person.name}: ${name} failed: ${text.slice(0, 300)}`);
      }
    for (const { name, inputSchema } of tools)
      for (const value of [...hostileStrings.filter((text) => text.length < 1_000), ...hostileOthers.slice(6)]) {
        const schema = inputSchema as Schema;
        const fields = Object.keys(schema.properties ?? {});
        if (fields.length === 0) continue;
        const field = fields[hostile++ % fields.length]!;
        const given = { ...(sampleOf(schema, () => undefined, {}) as object), [field]: value };
        const before = plant.site.view(SYSTEM).revision();
        // what the protocol itself refuses is an error of the call
        const text = await assistant.callTool({ name, arguments: given }).then(
          ({ content }) => JSON.stringify(content),
          (error: unknown) => String(error),
        );
        for (const leak of leaks(person, Buffer.from(text)))
          wrong.push(`${person.name}: ${name} ${field} tells ${leak}: ${text.slice(0, 300)}`);
        if (/failed inside the server|DW_BUG|node_modules|TypeError|RangeError/.test(text))
          wrong.push(`${person.name}: ${name}, ${field} = ${JSON.stringify(value).slice(0, 100)} failed: ${text.slice(0, 300)}`);
        if (person.name === "nobody" && plant.site.view(SYSTEM).revision() !== before)
          wrong.push(`${person.name}: ${name} wrote something`);
      }
    await assistant.close();
    await close();
  }
  console.log(`${hostile} hostile calls of tools`);
  expect(wrong).toEqual([]);
});
