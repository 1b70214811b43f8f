import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { textOf } from "@doppelwerk/messages";
import { parseNote, parseWitnessPolicy, witnessRequestText, type WitnessPolicy } from "@doppelwerk/trust/log";
import { Staging } from "@doppelwerk/storage/capture";
import { openDataFolder } from "@doppelwerk/storage/files";
import { pino } from "pino";
import { afterAll, afterEach, expect, test } from "vitest";
import { captureDataFolder } from "../backup/capture-data-folder.ts";
import { createWorldsApp, openWorlds } from "../compose/index.ts";
import { verifyDataFolder } from "../compose/verify-folder.ts";
import { renderEnglish } from "../messages/english.ts";
import { verifyEvidence, verifyEvidenceOutside } from "../transparency/evidence.ts";
import { readLogKey } from "../transparency/folder.ts";
import { TransparencyLog } from "../transparency/transparency-log.ts";
import { evidenceOfFolder } from "../transparency/write-evidence.ts";
import { outsideOf, policyOf, policyTextOf, readOutsideConfig, withoutKey, writeOutsideConfig } from "./outside-config.ts";
import { OutsideProof } from "./outside-proof.ts";
import { Witness } from "./witness.ts";

renderEnglish();
const root = mkdtempSync(join(tmpdir(), "doppelwerk-witnesses-"));
const logger = pino({ level: "silent" });
const closes: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closes.splice(0).toReversed()) await close();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
const folderOf = (name: string): string => join(root, name);
const clock = { now: () => Date.now() * 1_000 };

async function openLog(name: string): Promise<TransparencyLog> {
  const log = await TransparencyLog.open({ data: folderOf(name), version: "0", clock, logger });
  closes.push(() => log.close().catch(() => {}));
  return log;
}

const grow = async (log: TransparencyLog, count = 1): Promise<void> => {
  for (let n = 0; n < count; n++) await log.append(() => ({ what: "request", operation: "kernel.logIn", status: 200 }));
};

type Answer = { readonly status: number; readonly body: string };
type Change = (answer: Answer, asked: string) => Answer | Promise<Answer>;

/** A witness behind an HTTP server of the test, which can change what it answers. */
class Served {
  readonly witness: Witness;
  url = "";
  change: Change = (answer) => answer;
  readonly asked: string[] = [];

  constructor(name: string) {
    this.witness = Witness.make(folderOf(name));
  }

  static async of(name: string, log?: TransparencyLog): Promise<Served> {
    const served = new Served(name);
    if (log !== undefined) served.witness.addLog(log.keyText);
    const server = createServer((request, response) => void served.#answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closes.push(() => {
      server.close();
      server.closeAllConnections();
    });
    served.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/witness`;
    return served;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    this.asked.push(body);
    const { status, body: answer } = await this.change(this.witness.addCheckpoint(body), body);
    response.writeHead(status).end(answer);
  }
}

async function asking(name: string, log: TransparencyLog, witnesses: readonly Served[], needed = witnesses.length): Promise<OutsideProof> {
  const config = await outsideOf({ witnesses: { needed, of: witnesses.map(({ witness, url }) => ({ key: witness.keyText, url })) } });
  writeOutsideConfig(folderOf(name), config);
  const proof = new OutsideProof({ data: folderOf(name), log, config, logger });
  closes.push(() => proof.close());
  return proof;
}

const failuresOf = (proof: OutsideProof) => proof.witnesses.map(({ failure }) => failure && textOf(failure));

test("[SV302] a log is cosigned by its witnesses as it grows, each from what it cosigned before, also where either side was started again", async () => {
  const log = await openLog("grows");
  const [one, two] = [await Served.of("grows-w1", log), await Served.of("grows-w2", log)];
  const proof = await asking("grows", log, [one, two]);
  for (const more of [0, 1, 5, 300]) {
    await grow(log, more);
    await proof.run();
    expect([proof.stateOf("cosigned"), failuresOf(proof)]).toMatchObject([{ size: log.size, failures: 0 }, [undefined, undefined]]);
  }
  expect(one.asked.map((body) => Number(/^old (\d+)/.exec(body)![1]))).toEqual([0, 1, 2, 7]);
  // a size, hashes, and the checkpoint with the signature of the log: nothing else leaves the server
  for (const body of one.asked)
    expect(body).toMatch(
      /^old \d+\n([\w+/]{43}=\n)*\ndoppelwerk\.log\/[0-9a-f]{16}\n\d+\n[\w+/]{43}=\n\n— doppelwerk\.log\/[0-9a-f]{16} [\w+/=]+\n$/,
    );
  // another process of the log asks with what the file says, and one without the file learns it by the 409
  await proof.close();
  await grow(log);
  const again = new OutsideProof({ data: folderOf("grows"), log, config: readOutsideConfig(folderOf("grows")), logger });
  closes.push(() => again.close());
  await again.run();
  rmSync(join(folderOf("grows"), "transparency", "outside.jsonl"));
  const third = new OutsideProof({ data: folderOf("grows"), log, config: readOutsideConfig(folderOf("grows")), logger });
  closes.push(() => third.close());
  await grow(log);
  await third.run();
  expect(one.asked.slice(4).map((body) => Number(/^old (\d+)/.exec(body)![1]))).toEqual([307, 0, 308]);
  expect(third.stateOf("cosigned")).toMatchObject({ size: 309, failures: 0 });
  expect(Witness.open(folderOf("grows-w1"))!.list()).toMatchObject([{ origin: log.origin, size: 309 }]);
});

test("[SV302] a witness keeps what it cosigned before it answers, and signs no fork: not after a restart, not for another key of the name, and nothing while it cannot read or write", async () => {
  const log = await openLog("forks");
  await grow(log, 5);
  const served = await Served.of("forks-w", log);
  const proof = await asking("forks", log, [served]);
  await proof.run();
  await proof.close();
  await log.close();
  // the log as it was, gone on with elsewhere: same name, same key, another history
  for (const side of ["forks", "forks-b"]) cpSync(folderOf("forks"), folderOf(`${side}-copy`), { recursive: true });
  const [a, b] = [await openLog("forks-copy"), await openLog("forks-b-copy")];
  await grow(a, 3);
  await grow(b, 4);
  const [first, second] = [await asking("forks-copy", a, [served]), await asking("forks-b-copy", b, [served])];
  await first.run();
  expect(failuresOf(first)).toEqual([undefined]);
  // its record outlives the process
  Object.assign(served, { witness: Witness.open(folderOf("forks-w"))! });
  await grow(b, 10);
  await second.run();
  expect(failuresOf(second)[0]).toMatch(/finds that this log is not the one that it cosigned before/);
  const kept = join(folderOf("forks-w"), "transparency", "witnessed");
  const file = join(kept, readdirSync(kept)[0]!);
  const before = readFileSync(file, "utf8");
  expect((JSON.parse(before) as { note: string }).note.split("\n").slice(0, 2)).toEqual([a.origin, String(a.size)]);
  const cosigned = a.size;
  await grow(a);
  const { note } = await a.checkpoint();
  const body = witnessRequestText({ old: cosigned, proof: await a.consistency(cosigned, a.size), note });
  // what it kept is damaged, of another size, or of another log: nothing is signed
  for (const damaged of ["{", "{}", before.replace(`\\n${cosigned}\\n`, "\\n3\\n"), before.replace(a.origin, "other"), ""]) {
    writeFileSync(file, damaged);
    expect(() => served.witness.addCheckpoint(body), damaged.slice(0, 60)).toThrow(expect.objectContaining({ code: "DW_DAMAGED" }));
  }
  writeFileSync(file, before);
  expect(() => served.witness.addLog(log.keyText.replace(/.$/, "A"))).toThrow();
  const other = await openLog("forks-other");
  const renamed = other.keyText.replace(other.origin, log.origin);
  // a key text has a checksum over its name
  expect(() => served.witness.addLog(renamed)).toThrow(expect.objectContaining({ code: "DW_INVALID" }));
  served.witness.removeLog(log.origin);
  served.witness.addLog(a.keyText);
  expect(served.witness.list()).toMatchObject([{ size: cosigned }]);
  expect(served.witness.addCheckpoint(body).status).toBe(200);
});

test("[SV303] a witness that is away, slow, lies, signs something else, or knows more than there is, is reported in one line; k of n others are enough", async () => {
  const log = await openLog("liars");
  const all = [await Served.of("liars-w1", log), await Served.of("liars-w2", log), await Served.of("liars-w3")];
  const [one, , three] = all as [Served, Served, Served];
  const proof = await asking("liars", log, all, 2);
  await proof.run();
  expect(proof.stateOf("cosigned")).toMatchObject({ size: log.size, failures: 0 });
  expect(failuresOf(proof)).toEqual([undefined, undefined, expect.stringMatching(/does not cosign the log .* \(status 404\)/)]);
  const lies: readonly (readonly [Change, RegExp])[] = [
    [() => ({ status: 500, body: "" }), /answers with status 500/],
    [() => ({ status: 200, body: "hello\n" }), /answer is not its signature/],
    [() => ({ status: 200, body: three.witness.addCheckpoint("").body }), /answer is not its signature/],
    [
      ({ body }) => ({ status: 200, body: body.replace(/ (\S{20})(.)/, (_, a: string, c: string) => ` ${a}${c === "A" ? "B" : "A"}`) }),
      /not its signature/,
    ],
    [() => ({ status: 409, body: "1000000000000\n" }), /cosigned 1000000000000 entries of this log, and \d+ are here/],
    [() => ({ status: 409, body: "many\n" }), /names no size/],
    [() => ({ status: 302, body: "" }), /status 302/],
    [() => ({ status: 200, body: "x".repeat(2_000_000) }), /not reached: .*1000000 bytes/],
    [() => new Promise<Answer>(() => {}), /no answer within 5000 ms/],
  ];
  for (const [lie, reason] of lies) {
    one.change = lie;
    await grow(log);
    await proof.run();
    expect(failuresOf(proof)[0], String(reason)).toMatch(reason);
    expect(textOf(proof.stateOf("cosigned")!.failure!)).toMatch(/1 of 3 witnesses cosigned, and 2 are needed/);
  }
  one.change = (answer) => answer;
  await proof.run();
  expect([failuresOf(proof)[0], proof.stateOf("cosigned")]).toMatchObject([undefined, { size: log.size, failures: lies.length }]);
  expect(proof.stateOf("cosigned")).not.toHaveProperty("failure");
}, 60_000);

test("[SV303] a witness that was set back is cosigned on with, and that it forgot is told from then on", async () => {
  const log = await openLog("forgets");
  await grow(log, 9);
  const served = await Served.of("forgets-w", log);
  const proof = await asking("forgets", log, [served]);
  await proof.run();
  served.witness.forgetCheckpoint(log.origin);
  await grow(log);
  await proof.run();
  await grow(log);
  await proof.run();
  expect(proof.witnesses[0]).toMatchObject({ size: log.size, forgot: { before: 10, now: 0 } });
});

test("[SV303] addresses are https, or of this machine; only those of the configuration are asked, and the key that pays is never shown", async () => {
  const key = Witness.make(folderOf("addresses")).keyText;
  const at = (url: string, more: object = {}) => outsideOf({ witnesses: { needed: 1, of: [{ key, url, ...more }] } });
  for (const url of [
    "http://witness.example/",
    "ftp://127.0.0.1/",
    "https://user:secret@witness.example/",
    "witness.example",
    "https://witness.example/#a",
  ])
    await expect(at(url), url).rejects.toMatchObject({ code: "DW_INVALID" });
  await expect(at("https://witness.example/", { extra: 1 })).rejects.toMatchObject({ code: "DW_INVALID" });
  expect((await at("https://witness.example/w")).witnesses).toMatchObject({ everyMinutes: 10 });
  await expect(outsideOf({ witnesses: { needed: 2, of: [{ key, url: "https://a.example" }] } })).rejects.toMatchObject({
    code: "DW_INVALID",
  });
  const twice = [1, 2].map(() => ({ key, url: "https://a.example" }));
  await expect(outsideOf({ witnesses: { needed: 1, of: twice } })).rejects.toMatchObject({ code: "DW_INVALID" });
  await expect(outsideOf({ witnesses: { needed: 1, of: [{ key: "no key", url: "https://a.example" }] } })).rejects.toMatchObject({
    code: "DW_INVALID",
  });
  await expect(outsideOf({ timeStamps: { url: "https://a.example", roots: "none" } })).rejects.toMatchObject({ code: "DW_INVALID" });
  const anchoring = { url: "https://a.example", chain: 1, key: `0x${"1f".repeat(32)}` };
  expect(JSON.stringify(withoutKey(await outsideOf({ anchoring })))).not.toContain("1f1f");
});

test("[SV304] a checkpoint that was cosigned is verified by a policy in the folder and in evidence; a policy that is not met, and a log that was written anew, are found", async () => {
  const name = "verified";
  const worlds = await openWorlds({ dataDirectory: folderOf(name), logger, workers: 1, transparency: true });
  const log = worlds.home.transparency!;
  const [one, two] = [await Served.of("verified-w1", log), await Served.of("verified-w2", log)];
  const proof = await asking(name, log, [one, two]);
  await grow(log, 20);
  await proof.run();
  await grow(log, 20);
  await proof.run();
  await proof.close();
  await worlds.close();
  const key = readLogKey(folderOf(name)).key;
  const policy = parseWitnessPolicy(policyTextOf(readOutsideConfig(folderOf(name)), key)) as WitnessPolicy;
  const report = await verifyDataFolder(folderOf(name), { outside: { policy } });
  expect(report.findings).toEqual([]);
  expect(report.transparency!.outside).toMatchObject([
    { what: "cosigned", proven: expect.stringMatching(/cosigned by .* at .*, .* at /) },
    {},
  ]);
  // of the first entries the first of them, which is the closest in time
  const { text } = evidenceOfFolder(folderOf(name), { entry: 3 });
  const bytes = Buffer.from(text);
  expect(verifyEvidence(bytes).findings).toEqual([]);
  const [verdict] = await verifyEvidenceOutside(bytes, { policy });
  expect(verdict).toMatchObject({ what: "cosigned", size: report.transparency!.outside[0]!.size, proven: expect.any(String) });
  expect(await verifyEvidenceOutside(bytes, {})).toMatchObject([{ notChecked: expect.stringMatching(/no policy/) }]);
  const strangers = { ...policy, isMet: (keys: readonly unknown[]) => keys.length >= 3 };
  expect(await verifyEvidenceOutside(bytes, { policy: strangers })).toMatchObject([{ finding: expect.stringMatching(/fewer witnesses/) }]);
  // a note of another log in the file, and a flipped bit of a line
  const evidence = JSON.parse(text) as { outside: { record: { note: string; size: number } }[] };
  const flipped = evidence.outside[0]!.record.note.replace(
    /(— doppelwerk\.witness\S+ \S{30})(.)/,
    (_, a: string, c: string) => `${a}${c === "A" ? "B" : "A"}`,
  );
  expect(flipped).not.toBe(evidence.outside[0]!.record.note);
  const forged = Buffer.from(text.replaceAll(JSON.stringify(evidence.outside[0]!.record.note), JSON.stringify(flipped)));
  expect(await verifyEvidenceOutside(forged, { policy })).toMatchObject([{ finding: expect.stringMatching(/line of a witness/) }]);
  expect(verifyEvidence(forged).findings).toMatchObject([{ part: "file" }]);
  // the whole log is exchanged for another one that the same key signs: the cosigned checkpoint is not of it
  const file = readFileSync(join(folderOf(name), "transparency", "outside.jsonl"));
  rmSync(join(folderOf(name), "transparency", "log"), { recursive: true });
  const anew = await openLog(name);
  await grow(anew, 60);
  await anew.close();
  writeFileSync(join(folderOf(name), "transparency", "outside.jsonl"), file);
  const found = (await verifyDataFolder(folderOf(name), { outside: { policy } })).findings.map(({ message }) => message);
  expect(found.filter((each) => /does not begin with the \d+ entries that were cosigned/.test(each))).toHaveLength(2);
  expect(policyOf({}, key).isMet([])).toBe(true);
}, 60_000);

test("[SV304] a backup captures what others stated before the log that it is about, so that the log has every entry of it", async () => {
  const data = folderOf("captured");
  const worlds = await openWorlds({ dataDirectory: data, logger, workers: 1, transparency: true });
  const log = worlds.home.transparency!;
  const proof = await asking("captured", log, [await Served.of("captured-w", log)]);
  await proof.run();
  const staging = new Staging(data, join(data, "backup", "staging"));
  const captured: string[] = [];
  const file = staging.file.bind(staging);
  staging.file = (path, grows) => {
    captured.push(staging.nameOf(path));
    return file(path, grows);
  };
  const { files } = await captureDataFolder(data, staging, () => false);
  const names = files.map(({ path }) => path);
  expect(names.filter((name) => name === "transparency/outside.jsonl")).toHaveLength(1);
  const [stated, checkpoint] = ["transparency/outside.jsonl", "transparency/log/checkpoint"].map((name) => captured.indexOf(name));
  expect(stated).toBeGreaterThanOrEqual(0);
  expect(stated).toBeLessThan(checkpoint!);
  staging.dispose();
  await proof.close();
  await worlds.close();
});

test("[SV305] the witness of a server answers anybody by C2SP tlog-witness, without an entry of its log; what it cosigned last is read by the hash of the origin", async () => {
  const log = await openLog("served");
  await (await openDataFolder(folderOf("server"), { owner: "test" })).close();
  Witness.make(folderOf("server")).addLog(log.keyText);
  const worlds = await openWorlds({ dataDirectory: folderOf("server"), logger, workers: 1, transparency: true });
  const app = await createWorldsApp(worlds);
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  const ask = (path: string, body?: string) =>
    fetch(`${url}/api/doppelwerk/v1/witness${path}`, body === undefined ? {} : { method: "POST", body });
  const before = worlds.home.transparency!.size;
  const key = worlds.outside!.witness!.keyText;
  const config = await outsideOf({ witnesses: { needed: 1, of: [{ key, url: `${url}/api/doppelwerk/v1/witness/` }] } });
  const proof = new OutsideProof({ data: folderOf("served"), log, config, logger });
  closes.push(() => proof.close());
  await grow(log, 3);
  await proof.run();
  expect([proof.stateOf("cosigned"), proof.witnesses[0]]).toMatchObject([{ size: 4, failures: 0 }, { size: 4 }]);
  const origin = createHash("sha256").update(log.origin).digest("hex");
  const kept = await ask(`/${origin}/checkpoint`);
  expect([kept.status, kept.headers.get("content-type")]).toEqual([200, "text/plain; charset=utf-8"]);
  const names = parseNote(await kept.text())!.lines.map(({ name }) => name);
  expect(names).toEqual([log.origin, config.witnesses!.of[0]!.key.split("+")[0]]);
  for (const [path, body, status, answer] of [
    ["/add-checkpoint", "hello", 400, /noRequest/],
    ["/add-checkpoint", "", 400, /noRequest/],
    ["/add-checkpoint", `old 0\n\n${(await log.checkpoint()).note}`, 409, /^4\n$/],
    [`/${"0".repeat(64)}/checkpoint`, undefined, 404, /DW_NOT_FOUND/],
    ["/..%2f..%2fkey/checkpoint", undefined, 404, /DW_NOT_FOUND/],
  ] as const) {
    const got = await ask(path, body);
    expect([got.status, await got.text()], path).toEqual([status, expect.stringMatching(answer)]);
    if (status === 409) expect(got.headers.get("content-type")).toBe("text/x.tlog.size");
  }
  expect((await ask("/add-checkpoint", "x".repeat(100_000))).status).toBe(413);
  expect(worlds.home.transparency!.size).toBe(before);
  await app.close();
  await worlds.close();
}, 60_000);
