import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { textOf } from "@doppelwerk/messages";
import { parseWitnessPolicy, type WitnessPolicy } from "@doppelwerk/trust/log";
import { certificatesOfPem } from "@doppelwerk/trust/time-stamp";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { startGanache, type GanacheNode } from "../../../../scripts/ganache-node.ts";
import { startTsa, type TsaServer } from "../../../../scripts/tsa-server.ts";
import { Anchoring } from "../anchoring/anchoring.ts";
import { askForBlock } from "../anchoring/block-agreement.ts";
import { createWorldsApp, openWorlds } from "../compose/index.ts";
import { verifyDataFolder } from "../compose/verify-folder.ts";
import { createAccount, disableAccount, removeAccount } from "../command/accounts.ts";
import { addMachine } from "../command/machines.ts";
import { renderEnglish } from "../messages/english.ts";
import { entryOf, type Entry } from "../transparency/entry.ts";
import { verifyEvidenceOutside } from "../transparency/evidence.ts";
import { partsOf, readLogKey } from "../transparency/folder.ts";
import { OutsideRecords } from "../transparency/outside-records.ts";
import { Salts } from "../transparency/salts.ts";
import { TransparencyLog } from "../transparency/transparency-log.ts";
import { evidenceOfFolder } from "../transparency/write-evidence.ts";
import { outsideOf, policyTextOf, writeOutsideConfig, type OutsideConfig } from "./outside-config.ts";
import { chainNode, OutsideProof } from "./outside-proof.ts";
import { Witness } from "./witness.ts";

renderEnglish();
const root = mkdtempSync(join(tmpdir(), "doppelwerk-outside-"));
const logger = pino({ level: "silent" });
const folderOf = (name: string): string => join(root, name);
const clock = { now: () => Date.now() * 1_000 };
const API = "/api/doppelwerk/v1";
const closes: (() => unknown)[] = [];
let tsa: TsaServer;
let ganache: GanacheNode;
beforeAll(async () => void ([tsa, ganache] = await Promise.all([startTsa(), startGanache()])), 180_000);
afterEach(async () => {
  for (const close of closes.splice(0).toReversed()) await close();
});
afterAll(async () => {
  await tsa?.close();
  await ganache?.stop();
  rmSync(root, { recursive: true, force: true });
});

async function serveWitness(witness: Witness): Promise<string> {
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => void (body += String(chunk)));
    request.on("end", () => {
      const { status, body: answer } = witness.addCheckpoint(body);
      response.writeHead(status).end(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closes.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A witness, an authority and a chain for a log. */
async function everybodyFor(name: string, logKey: string, nowMs = () => Date.now()): Promise<OutsideConfig> {
  Witness.make(folderOf(`${name}-witness`));
  const witness = Witness.open(folderOf(`${name}-witness`), () => Math.floor(nowMs() / 1_000))!;
  witness.addLog(logKey);
  const url = await serveWitness(witness);
  const anchoring = { url: ganache.url, chain: ganache.chain, key: ganache.keys[1]!, confirmations: 1 };
  const config = await outsideOf({
    witnesses: { needed: 1, of: [{ key: witness.keyText, url }] },
    timeStamps: { url: tsa.url, roots: tsa.root, policy: tsa.policy },
    anchoring,
  });
  const reachable = { hosts: new Set([new URL(ganache.url).host]) };
  const node = chainNode(config.anchoring!, reachable);
  const { contract } = await new Anchoring(node, config.anchoring!, join(root, `${name}.json`)).deploy((ms) => setTimeout(ms / 50));
  return { ...config, anchoring: { ...config.anchoring!, contract } };
}

test("[SV308] cosigned, stamped and anchored, each at its interval or number of entries and only where the log grew; a failure is tried again after a minute and told until it succeeds", async () => {
  const log = await TransparencyLog.open({ data: folderOf("scheduled"), version: "0", clock, logger });
  closes.push(() => log.close());
  let nowMs = Date.now();
  const config = await everybodyFor("scheduled", log.keyText, () => nowMs);
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  try {
    const every = { ...config, witnesses: { ...config.witnesses!, everyMinutes: 10, everyEntries: 50 } };
    const proof = new OutsideProof({ data: folderOf("scheduled"), log, config: every, logger, nowMs: () => nowMs });
    const tick = async (): Promise<readonly (number | undefined)[]> => {
      vi.advanceTimersByTime(5_000);
      await proof.run([]);
      return proof.kinds.map((kind) => proof.stateOf(kind)!.size);
    };
    expect(proof.kinds).toEqual(["cosigned", "stamped", "anchored"]);
    // all of them at first
    expect(await tick()).toEqual([1, 1, 1]);
    await log.append(() => ({ what: "stop" }));
    nowMs += 9 * 60_000;
    expect(await tick()).toEqual([1, 1, 1]);
    nowMs += 2 * 60_000;
    expect(await tick()).toEqual([2, 1, 1]);
    // nothing new: nothing is asked
    nowMs += 30 * 60_000;
    expect(await tick()).toEqual([2, 1, 1]);
    await log.appendAll(Array.from({ length: 49 }, () => () => ({ what: "stop" }) as const));
    nowMs += 60_000;
    await tick();
    await log.appendAll(Array.from({ length: 50 }, () => () => ({ what: "stop" }) as const));
    expect(await tick()).toEqual([101, 1, 1]);
    nowMs += 60 * 60_000;
    expect(await tick()).toEqual([101, 101, 1]);
    // the authority is wrong for a while
    tsa.replace(() => Buffer.from("hello"));
    await log.append(() => ({ what: "stop" }));
    nowMs += 61 * 60_000;
    await tick();
    expect([proof.stateOf("stamped")!.size, textOf(proof.stateOf("stamped")!.failure!)]).toEqual([
      101,
      expect.stringMatching(/no time stamp/),
    ]);
    tsa.replace(undefined);
    nowMs += 50_000;
    await tick();
    expect(proof.stateOf("stamped")).toHaveProperty("failure");
    nowMs += 11_000;
    await tick();
    expect(proof.stateOf("stamped")).toMatchObject({ size: 102, failures: 1 });
    expect(proof.stateOf("stamped")).not.toHaveProperty("failure");
    await proof.close();
  } finally {
    vi.useRealTimers();
    tsa.replace(undefined);
  }
}, 60_000);

test("[SV304] a folder and evidence are verified with what a witness, an authority and a chain stated; each is wrong where another one is trusted, and not checked without", async () => {
  const name = "stated";
  const key = await keyOf(name);
  const config = await everybodyFor(name, key);
  writeOutsideConfig(folderOf(name), config);
  const worlds = await openWorlds({ dataDirectory: folderOf(name), logger, workers: 1, transparency: true });
  const app = await createWorldsApp(worlds);
  const ask = (method: "GET" | "POST", path: string) => app.inject({ method, url: `${API}${path}`, headers: { host: "127.0.0.1" } });
  const state = (await ask("POST", "/transparency/outside")).json() as {
    readonly witnesses: { readonly size: number; readonly consistency: readonly string[]; readonly policy: string };
    readonly timeStamps: { readonly size: number };
    readonly anchoring: { readonly size: number; readonly isPending: boolean };
  };
  expect([state.witnesses.size, state.timeStamps.size, state.anchoring]).toMatchObject([
    state.witnesses.size,
    state.witnesses.size,
    { isPending: false },
  ]);
  // asking for it was an entry itself
  expect(state.witnesses.consistency).toEqual([]);
  expect((await ask("GET", "/transparency/outside")).json()).toMatchObject({ witnesses: { consistency: [expect.any(String)] } });
  expect(JSON.stringify(state)).not.toContain(config.anchoring!.key);
  const exported = (await ask("GET", "/transparency/evidence?from=0")).rawPayload;
  await app.close();
  await worlds.close();
  const policy = parseWitnessPolicy(policyTextOf(config, readLogKey(folderOf(name)).key)) as WitnessPolicy;
  const reader = chainNode(config.anchoring!, { hosts: new Set([new URL(ganache.url).host]) });
  const trust = {
    policy,
    roots: certificatesOfPem(tsa.root)!,
    stampPolicy: tsa.policy,
    hasBlock: async (_chain: string, block: number, hash: string) => {
      const { agreed } = await askForBlock({ nodes: [reader] }, { block, blockHash: hash, confirmations: 1 });
      return { isThere: agreed.length === 1, why: `${agreed.length} of 1 nodes have it` };
    },
  };
  const evidence = Buffer.from(evidenceOfFolder(folderOf(name), { entry: 0 }).text);
  const report = await verifyDataFolder(folderOf(name), { outside: trust });
  expect(report.findings).toEqual([]);
  for (const verdicts of [
    report.transparency!.outside,
    await verifyEvidenceOutside(evidence, trust),
    await verifyEvidenceOutside(exported, trust),
  ])
    expect(verdicts.map(({ what, proven }) => [what, proven]).toSorted()).toEqual([
      [
        "anchored",
        expect.stringMatching(/^anchored at 20.*on chain 1337: its event is in block \d+, 0x[0-9a-f]{64}; 1 of 1 nodes have it/),
      ],
      ["cosigned", expect.stringMatching(/^cosigned by doppelwerk\.witness/)],
      ["stamped", expect.stringMatching(/^stamped at 20.* by Trial TSA, policy 1\.3\.6/)],
    ]);
  expect((await verifyEvidenceOutside(evidence, {})).map(({ notChecked }) => notChecked)).toEqual(Array(3).fill(expect.any(String)));
  const elsewhere = await startTsa();
  closes.push(() => elsewhere.close());
  const wrong = {
    policy: { ...policy, isMet: () => false },
    roots: certificatesOfPem(elsewhere.root)!,
    hasBlock: async () => ({ isThere: false, why: "0 of 2 nodes have it" }),
  };
  expect((await verifyEvidenceOutside(evidence, wrong)).map(({ finding }) => finding).toSorted()).toEqual([
    expect.stringMatching(/^fewer witnesses/),
    expect.stringMatching(/does not lead to a trusted root/),
    expect.stringMatching(/^its event is in block .*, which the chain does not have: 0 of 2 nodes have it/),
  ]);
  // without a node: by the hash of the block, which is in what is not checked
  const anchored = async (bytes: Buffer, blocks: readonly string[] = []) =>
    (await verifyEvidenceOutside(bytes, { blocks })).find(({ what }) => what === "anchored")!;
  const [, hash] = /(0x[0-9a-f]{64}); name that hash/.exec((await anchored(evidence)).notChecked!)!;
  expect((await anchored(evidence, [hash!])).proven).toMatch(/the hash that was given$/);
  const changed = (from: RegExp, to: string) => Buffer.from(evidence.toString().replace(from, to));
  for (const [bytes, finding] of [
    [changed(/"by":"0x./, '"by":"0x0'), /another block, time or sender/],
    [changed(/("nodes":\["0x)../, "$100"), /does not show its root/],
    [changed(/"contract":"0x../, '"contract":"0x00'), /does not show its root/],
  ] as const)
    expect((await anchored(bytes, [hash!])).finding, String(finding)).toMatch(finding);
  expect((await anchored(changed(/("header":"0xf9....)../, "$1aa"), [hash!])).proven).toBeUndefined();
  expect((await verifyDataFolder(folderOf(name), { outside: wrong })).findings).toHaveLength(3);
}, 120_000);

test("[SV304] statements are appended durably: a line that was cut short is removed, one that is none is named", async () => {
  const path = join(root, "records.jsonl");
  const records = new OutsideRecords(path);
  for (const size of [3, 9, 12]) records.append({ what: "cosigned", size, note: "a", at: size });
  records.append({ what: "stamped", size: 10, note: "b", token: "AAAA", at: 10 });
  expect(records.covering(4).map(({ what, size }) => [what, size])).toEqual([
    ["cosigned", 9],
    ["stamped", 10],
  ]);
  const whole = readFileSync(path);
  truncateSync(path, whole.length - 3);
  const cut = new OutsideRecords(path);
  expect([cut.newest("cosigned")!.size, cut.newest("stamped")]).toEqual([12, undefined]);
  cut.append({ what: "stamped", size: 11, note: "b", token: "AAAA", at: 11 });
  expect(new OutsideRecords(path).newest("stamped")!.size).toBe(11);
  writeFileSync(path, `${whole.toString()}{"what":"cosigned","size":-1,"note":"","at":0}\n`);
  expect(() => new OutsideRecords(path)).toThrow(expect.objectContaining({ code: "DW_DAMAGED", message: expect.stringMatching(/line 5/) }));
});

test("[SV309] what the command line does while no server runs is an entry with whom it was about; a removed account is in none any more, and a damaged log keeps it from being done", async () => {
  const data = folderOf("command-line");
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  try {
    await createAccount("mara", { data, role: ["administrator"] });
    await createAccount("otto", { data });
    await disableAccount("otto", { data });
    await addMachine("press", { data });
    await removeAccount("otto", { data });
    await expect(removeAccount("otto", { data })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
  } finally {
    vi.restoreAllMocks();
  }
  const log = await TransparencyLog.open({ data, version: "0", clock, logger });
  const entries = (await log.entries(0, 20)).map((bytes) => entryOf(bytes)!) as (Entry &
    Partial<Record<"operation" | "who" | "whom" | "machine", string>>)[];
  await log.close();
  expect(entries.map(({ what, operation }) => operation ?? what)).toEqual([
    ...["createAccount", "createAccount", "changeAccount", "createMachine", "offerMachineCode", "removeAccount"].map(
      (name) => `kernel.${name}`,
    ),
    "start",
  ]);
  expect(entries.slice(0, -1).every(({ who }) => who === "system:command-line")).toBe(true);
  expect(entries[3]!.machine).toMatch(/./);
  const salts = new Salts(partsOf(data).salts);
  const opened = entries.map(
    ({ nonce, whom }) => [...salts.owners].filter((owner) => salts.open(owner, nonce, "whom", owner, whom) !== undefined).length,
  );
  // Mara alone is still known
  expect(opened).toEqual([1, 0, 0, 0, 0, 0, 0]);
  expect((await verifyDataFolder(data)).findings).toEqual([]);
  const journal = join(partsOf(data).log, "journal");
  writeFileSync(journal, readFileSync(journal).subarray(0, 200));
  await expect(createAccount("eve", { data })).rejects.toMatchObject({ code: "DW_DAMAGED" });
  expect(readFileSync(join(data, "accounts.json"), "utf8")).not.toContain("eve");
  expect(existsSync(join(data, "accounts.json.new"))).toBe(false);
}, 60_000);

/** The key of the log of a folder that a server was on. */
async function keyOf(name: string): Promise<string> {
  const worlds = await openWorlds({ dataDirectory: folderOf(name), logger, workers: 1, transparency: true });
  const { keyText } = worlds.home.transparency!;
  await worlds.close();
  return keyText;
}
