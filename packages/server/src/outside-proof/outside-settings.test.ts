import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, afterEach, expect, test } from "vitest";
import { createWorldsApp, openWorlds, type OpenWorlds } from "../compose/index.ts";
import { renderEnglish } from "../messages/english.ts";
import { entryOf } from "../transparency/entry.ts";
import { writeOutsideConfig, outsideOf } from "./outside-config.ts";
import { OutsideService } from "./outside-service.ts";
import { Witness } from "./witness.ts";

renderEnglish();
const root = mkdtempSync(join(tmpdir(), "doppelwerk-outside-settings-"));
const API = "/api/doppelwerk/v1";
const logger = pino({ level: "silent" });
const closes: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closes.splice(0).toReversed()) await close();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Answer {
  readonly statusCode: number;
  json(): never;
}
type Ask = (method: "GET" | "POST" | "PUT", path: string, body?: object) => Promise<Answer>;

async function opened(name: string, proofHosts: readonly string[] = []): Promise<{ readonly worlds: OpenWorlds; readonly ask: Ask }> {
  const worlds = await openWorlds({ dataDirectory: join(root, name), logger, workers: 1, transparency: true, proofHosts });
  const app = await createWorldsApp(worlds);
  closes.push(async () => {
    await app.close();
    await worlds.close();
  });
  const headers = { host: "127.0.0.1", origin: "http://127.0.0.1" };
  return {
    worlds,
    ask: (method, path, body) => app.inject({ method, url: `${API}${path}`, headers, ...(body && { payload: body }) }) as never,
  };
}

/** A witness of somebody else, and how often it was asked. */
async function witnessAt(name: string): Promise<{ readonly witness: Witness; readonly url: string; readonly host: string; asked: number }> {
  const witness = Witness.make(join(root, name));
  const server: Server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => void (body += String(chunk)));
    request.on("end", () => {
      at.asked++;
      const { status, body: answer } = witness.addCheckpoint(body);
      response.writeHead(status).end(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closes.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const at = { witness, url: `http://${host}`, host, asked: 0 };
  return at;
}

async function operationsOf(worlds: OpenWorlds): Promise<readonly string[]> {
  const log = worlds.home.transparency!;
  return (await log.entries(0, log.size)).flatMap((bytes) => (entryOf(bytes) as { readonly operation?: string }).operation ?? []);
}

test("[SV372] whom the log is shown to is changed while the server runs, at hosts of its list alone, takes effect at once, and is an entry of the log; what is refused changes nothing", async () => {
  const [first, second, other] = [await witnessAt("w1"), await witnessAt("w2"), await witnessAt("w3")];
  const { worlds, ask } = await opened("plant", [first.host, second.host, "node.example"]);
  const key = worlds.home.transparency!.keyText;
  for (const { witness } of [first, second, other]) witness.addLog(key);
  const asking = (...of: readonly { readonly witness: Witness; readonly url: string }[]) => ({
    witnesses: { needed: of.length, of: of.map(({ witness, url }) => ({ key: witness.keyText, url })) },
  });
  expect((await ask("GET", "/transparency/outside/settings")).json()).toEqual({
    settings: {},
    hosts: [first.host, second.host, "node.example"].toSorted(),
  });
  const refusals: readonly (readonly [object, number, RegExp])[] = [
    [asking(first, other), 403, /--proof-host/],
    [{ witnesses: { needed: 1, of: [{ key: first.witness.keyText, url: "http://169.254.169.254/latest" }] } }, 400, /https address/],
    [{ witnesses: { needed: 3, of: asking(first).witnesses.of } }, 400, /./],
    [{ anchoring: { url: "https://node.example/", chain: 1 } }, 400, /key/],
    [{ nobody: 1 }, 400, /nobody/],
  ];
  for (const [body, status, text] of refusals) {
    const answer = await ask("PUT", "/transparency/outside/settings", body);
    expect([answer.statusCode, JSON.stringify(answer.json())], JSON.stringify(body)).toEqual([status, expect.stringMatching(text)]);
  }
  expect(worlds.outside!.proof).toBeUndefined();
  expect((await ask("PUT", "/transparency/outside/settings", asking(first))).statusCode).toBe(200);
  expect((await ask("POST", "/transparency/outside")).json()).toMatchObject({
    witnesses: { size: expect.any(Number), of: [{ host: first.host }] },
  });
  // another one from now on: the first is asked no more
  expect((await ask("PUT", "/transparency/outside/settings", asking(second))).statusCode).toBe(200);
  const before = first.asked;
  await ask("POST", "/transparency/outside");
  expect([first.asked, second.asked > 0, other.asked]).toEqual([before, true, 0]);
  expect((await ask("PUT", "/transparency/outside/settings", {})).statusCode).toBe(200);
  expect(worlds.outside!.proof).toBeUndefined();
  const operations = await operationsOf(worlds);
  // those that came about, and the one that was forbidden
  expect(operations.filter((name) => name === "transparency.changeOutside")).toHaveLength(3 + 1);
}, 60_000);

test("[SV372] the key that pays is taken in a change, kept where it is left out, sealed or private on disk, and in no answer; a chain is not exchanged while an anchor waits on it", async () => {
  const { worlds, ask } = await opened("payer", ["node.example", "other.example"]);
  const key = `0x${"1f".repeat(32)}`;
  const anchoring = { url: "https://node.example/", chain: 1, contract: `0x${"c0".repeat(20)}`, confirmations: 3 };
  const answers: string[] = [];
  const put = async (body: object): Promise<number> => {
    const answer = await ask("PUT", "/transparency/outside/settings", body);
    answers.push(JSON.stringify(answer.json()));
    return answer.statusCode;
  };
  expect(await put({ anchoring: { ...anchoring, key } })).toBe(200);
  expect(await put({ anchoring: { ...anchoring, maxFeeGwei: 7 } })).toBe(200);
  expect(worlds.outside!.config.anchoring).toMatchObject({ key, maxFeeGwei: 7 });
  for (const path of ["/transparency/outside/settings", "/transparency/outside"])
    answers.push(JSON.stringify((await ask("GET", path)).json()));
  expect(answers.join("")).not.toMatch(/1f1f1f/);
  const independent = { needed: 1, of: [{ url: "https://node.example/second" }] };
  expect(await put({ anchoring: { ...anchoring, independent } })).toBe(400);
  Object.defineProperty(worlds.outside!.proof, "isAnchorPending", { get: () => true });
  expect(await put({ anchoring: { ...anchoring, chain: 5 } })).toBe(409);
  expect(await put({ anchoring: { ...anchoring, url: "https://other.example/" } })).toBe(200);
  expect(readFileSync(join(root, "payer", "transparency", "outside.json"), "utf8")).toContain(key);
}, 60_000);

test("[SV372] hosts that were set up on the machine stay allowed; what was changed is there after a restart", async () => {
  const at = await witnessAt("w4");
  const { worlds } = await opened("kept");
  const log = worlds.home.transparency!;
  const witnesses = { needed: 1, of: [{ key: at.witness.keyText, url: at.url }] };
  writeOutsideConfig(join(root, "kept"), await outsideOf({ witnesses }));
  const service = new OutsideService({ data: join(root, "kept"), log, logger });
  expect(service.hosts).toEqual([at.host]);
  await service.configure({ witnesses: { ...witnesses, everyMinutes: 3 } });
  await Promise.all([service.configure({}), service.configure({ witnesses: { ...witnesses, everyMinutes: 4 } })]);
  await service.close();
  await service.configure({});
  const again = new OutsideService({ data: join(root, "kept"), log, logger });
  expect(again.config.witnesses!.everyMinutes).toBe(4);
  await again.close();
}, 60_000);

test("[SV373] a running server becomes a witness, cosigns a log and forgets it, each an entry of its log", async () => {
  const other = await opened("other");
  const { worlds, ask } = await opened("witness");
  const log = other.worlds.home.transparency!;
  expect((await ask("POST", "/transparency/witness/logs", { key: "no key" })).statusCode).toBe(400);
  const made = (await ask("POST", "/transparency/witness/logs", { key: log.keyText })).json() as {
    readonly asWitness: { readonly key: string };
  };
  expect(made.asWitness).toMatchObject({
    key: expect.stringMatching(/^doppelwerk\.witness/),
    logs: [{ origin: log.keyText.split("+")[0] }],
  });
  const origin = log.keyText.split("+")[0]!;
  const { note } = await log.checkpoint();
  const cosigned = worlds.outside!.witness!.addCheckpoint(`old 0\n\n${note}`);
  expect(cosigned.status).toBe(200);
  expect((await ask("POST", "/transparency/witness/forgotten", { origin: "nobody" })).statusCode).toBe(404);
  expect((await ask("POST", "/transparency/witness/forgotten", { origin })).json()).toMatchObject({ asWitness: { logs: [] } });
  expect(worlds.outside!.witness!.addCheckpoint(`old 0\n\n${note}`).status).toBe(404);
  const operations = await operationsOf(worlds);
  expect(operations.filter((name) => name.endsWith("Log"))).toEqual(["transparency.cosignLog", "transparency.forgetLog"]);
}, 60_000);
