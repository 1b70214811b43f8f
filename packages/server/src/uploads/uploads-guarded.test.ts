import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { encodeId } from "@doppelwerk/aas";
import { createMemoryBlobs } from "@doppelwerk/storage/memory";
import type { DoppelwerkError } from "@doppelwerk/world";
import type { FastifyInstance } from "fastify";
import { pino } from "pino";
import { afterAll, afterEach, expect, test } from "vitest";
import { createWorldsApp, openWorlds, type OpenWorlds, type WorldsOptions } from "../compose/index.ts";
import { scanByClamd, scannerAddress } from "./clamd.ts";
import { BAD_NAME, BAD_TEXT, MAX_SCANNED, startClamd } from "./clamd.fixture.ts";
import { guardBlobs } from "./guarded-blobs.ts";
import { DEFAULT_QUOTAS, quotasOf } from "./quotas.ts";
import { Scanner } from "./scanner.ts";
import { StoredCounts } from "./stored-counts.ts";
import { onBehalfOf } from "./uploader.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-guarded-"));
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
const logger = pino({ level: "silent" });
const now = (): number => Date.now() * 1_000;

async function open(
  uploads: WorldsOptions["uploads"],
  data = mkdtempSync(join(root, "data-")),
): Promise<{ readonly data: string; readonly worlds: OpenWorlds; readonly app: FastifyInstance; close(): Promise<void> }> {
  const worlds = await openWorlds({ dataDirectory: data, logger, workers: 1, uploads });
  const app = await createWorldsApp(worlds);
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (!isOpen) return;
    isOpen = false;
    await app.close();
    await worlds.close();
  };
  ends.push(close);
  const submodelElements = ["one", "two", "three", "four"].map((idShort) => ({ modelType: "File", idShort, contentType: "text/plain" }));
  await app.inject({ method: "POST", url: "/api/v3/submodels", payload: { modelType: "Submodel", id: "urn:files", submodelElements } });
  return { data, worlds, app, close };
}

/** Puts a file as a person of a browser does. */
async function put(app: FastifyInstance, name: string, bytes: Uint8Array, person = "person-secret-0001") {
  const payload = Buffer.concat([
    Buffer.from('--b\r\nContent-Disposition: form-data; name="file"; filename="f.txt"\r\nContent-Type: text/plain\r\n\r\n'),
    bytes,
    Buffer.from("\r\n--b--\r\n"),
  ]);
  const headers = { "content-type": "multipart/form-data; boundary=b", "doppelwerk-person": person };
  const url = `/api/v3/submodels/${encodeId("urn:files")}/submodel-elements/${name}/attachment`;
  const { statusCode, body } = await app.inject({ method: "PUT", url, payload, headers });
  return { status: statusCode, body };
}
const got = async (app: FastifyInstance, name: string): Promise<number> =>
  (await app.inject({ url: `/api/v3/submodels/${encodeId("urn:files")}/submodel-elements/${name}/attachment` })).statusCode;
const staged = (data: string): readonly string[] => readdirSync(join(data, "blobs-files")).filter((name) => name.startsWith("staged-"));

/** A ZIP file with one packed entry. */
function zipped(name: string, content: Buffer): Buffer {
  const packed = deflateRawSync(content);
  const crc = crc32(content);
  const head = Buffer.alloc(26);
  head.writeUInt16LE(20, 0);
  head.writeUInt16LE(8, 4);
  head.writeUInt32LE(crc, 10);
  head.writeUInt32LE(packed.length, 14);
  head.writeUInt32LE(content.length, 18);
  head.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from("PK\x03\x04"), head, Buffer.from(name), packed]);
  const central = Buffer.concat([Buffer.from("PK\x01\x02\x14\x00"), head, Buffer.alloc(14), Buffer.from(name)]);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

function crc32(bytes: Buffer): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

test("[SV362] a real clamd judges every file before it is stored: what it knows is refused, packed too, and nothing of it is left; away, it stores nothing", async () => {
  const clamd = await startClamd(mkdtempSync(join(root, "clamd-")));
  ends.push(() => clamd.stop());
  const scanner = new Scanner({ address: scannerAddress(`clamd:${clamd.socket}`), isOptional: false, now, logger });
  const { app, data } = await open({ scanner });
  const harmless = Buffer.from("a harmless text");
  expect(await put(app, "one", harmless)).toMatchObject({ status: 204 });
  for (const bad of [
    Buffer.from(`before ${BAD_TEXT} after`),
    zipped("inner.txt", Buffer.from(BAD_TEXT.padStart(3_000))),
    Buffer.concat([Buffer.alloc(1_500_000), Buffer.from(BAD_TEXT)]),
  ]) {
    const { status, body } = await put(app, "two", bad);
    expect([status, body]).toEqual([403, expect.stringContaining(`the malware scanner found ${BAD_NAME} in the file`)]);
  }
  expect(await got(app, "one")).toBe(200);
  expect(await got(app, "two")).toBe(404);
  expect(staged(data)).toEqual([]);
  expect(readFileSync(join(data, "blobs.sqlite")).includes(BAD_TEXT)).toBe(false);
  expect(scanner.state).toMatchObject({ scanned: 4, found: 3, unscanned: 0 });
  // longer than it takes: not judged, so not stored
  const long = await put(app, "two", Buffer.alloc(MAX_SCANNED + 500_000, "x"));
  expect([long.status, long.body]).toEqual([503, expect.stringContaining("could not judge it")]);
  await clamd.stop();
  const away = await put(app, "two", Buffer.from("another harmless text"));
  expect([away.status, away.body]).toEqual([503, expect.stringContaining("the file was not stored")]);
  const state = (await app.inject({ url: "/api/doppelwerk/v1/server" })).json() as Record<string, never>;
  expect(state["scanner"]).toMatchObject({ scanned: 4, found: 3, failing: { reason: expect.stringMatching(/ENOENT|ECONNREFUSED/) } });
  expect(JSON.stringify(state["attention"])).toContain("server.attentionScanner");
  expect(await got(app, "two")).toBe(404);
}, 120_000);

test("[SV362] where scanning is optional a file without a judgement is stored and counted; one that was judged bad is refused all the same", async () => {
  const folder = mkdtempSync(join(root, "clamd-"));
  const scanner = new Scanner({ address: scannerAddress(`clamd:${join(folder, "clamd.sock")}`), isOptional: true, now, logger });
  const { app } = await open({ scanner });
  expect(await put(app, "one", Buffer.from("a text"))).toMatchObject({ status: 204 });
  expect(scanner.state).toMatchObject({ scanned: 0, unscanned: 1, failing: {} });
  const clamd = await startClamd(folder);
  ends.push(() => clamd.stop());
  expect(await put(app, "two", Buffer.from(BAD_TEXT))).toMatchObject({ status: 403 });
  expect(scanner.state.failing).toBeUndefined();
  expect(await put(app, "two", Buffer.from("a harmless text"))).toMatchObject({ status: 204 });
}, 120_000);

test("[SV362] uploads wait for the scanner, four at once; answers that are none, and a scanner that breaks off, judge nothing", async () => {
  let answer: string | undefined;
  let [connected, most] = [0, 0];
  const server: Server = createServer((socket) => {
    most = Math.max(most, ++connected);
    let said = Buffer.alloc(0);
    socket.on("error", () => undefined);
    socket.on("data", (chunk: Buffer) => {
      said = Buffer.concat([said, chunk]);
      if (!said.subarray(-4).equals(Buffer.alloc(4))) return;
      expect(String(said.subarray(0, 10))).toBe("zINSTREAM\0");
      setTimeout(() => {
        connected--;
        if (answer === undefined) socket.resetAndDestroy();
        else socket.end(`${answer}\0`);
      }, 20);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ends.push(() => new Promise((resolve) => server.close(resolve)));
  const { port } = server.address() as { port: number };
  const address = scannerAddress(`clamd://127.0.0.1:${port}`);
  const scanner = new Scanner({ address, isOptional: false, now, logger });
  const pieces = async function* () {
    yield Buffer.from("some text");
  };
  answer = "stream: OK";
  await Promise.all(Array.from({ length: 20 }, () => scanner.check(pieces())));
  expect([scanner.state.scanned, most]).toEqual([20, 4]);
  answer = "stream: A name FOUND";
  expect(await scanByClamd(address, pieces())).toBe("A name");
  for (const wrong of ["", "stream: OKAY", "INSTREAM size limit exceeded. ERROR", "stream: FOUND", undefined]) {
    answer = wrong;
    await expect(scanner.check(pieces()), String(wrong)).rejects.toMatchObject({ code: "DW_UNAVAILABLE" });
  }
});

test("[SV362] a scanner is one address; anything else is refused", () => {
  expect(scannerAddress("clamd://scanner").connect).toEqual({ host: "scanner", port: 3310 });
  expect(scannerAddress("clamd://[::1]:33").connect).toEqual({ host: "::1", port: 33 });
  expect(scannerAddress("clamd:///run/clamav/clamd.ctl").connect).toEqual({ path: "/run/clamav/clamd.ctl" });
  for (const text of ["scanner", "http://scanner", "clamd://a b", "clamd://scanner:0", "clamd://user@scanner", "clamd:relative"])
    expect(() => scannerAddress(text), text).toThrow(/is no malware scanner/);
});

test("[SV361] a person stores so many files and bytes and no more; others go on, what is there already counts once, and a restart knows it", async () => {
  const quotas = { ...DEFAULT_QUOTAS, person: { files: 2, bytes: 3_000_000 } };
  const first = await open({ quotas });
  const [text, other] = [Buffer.from("a text"), Buffer.from("another text")];
  expect(await put(first.app, "one", text)).toMatchObject({ status: 204 });
  expect(await put(first.app, "two", text)).toMatchObject({ status: 204 });
  const big = await put(first.app, "three", Buffer.alloc(3_000_000, "x"));
  expect([big.status, big.body]).toEqual([403, expect.stringContaining("you have stored 0 GB, and may store 0.003 GB")]);
  expect(staged(first.data)).toEqual([]);
  expect(await put(first.app, "three", other)).toMatchObject({ status: 204 });
  const third = await put(first.app, "four", Buffer.from("a third text"));
  expect([third.status, third.body]).toEqual([403, expect.stringContaining("as many files as you may (2)")]);
  expect(await put(first.app, "four", Buffer.from("a third text"), "person-secret-0002")).toMatchObject({ status: 204 });
  await first.close();
  expect(readFileSync(join(first.data, "stored-files.json"), "utf8")).not.toContain("person-secret");
  const again = await open({ quotas }, first.data);
  expect(await put(again.app, "one", Buffer.from("a fourth text"))).toMatchObject({ status: 403 });
  expect(await put(again.app, "one", Buffer.from("a fourth text"), "person-secret-0003")).toMatchObject({ status: 204 });
});

test("[SV361] a world has so many files and bytes, whoever stores them, those of before counted; a package that is too much leaves nothing", async () => {
  const before = await open(undefined);
  for (const name of ["one", "two"]) expect(await put(before.app, name, Buffer.from(`text of ${name}`))).toMatchObject({ status: 204 });
  await before.close();
  const files = await open({ quotas: { ...DEFAULT_QUOTAS, world: { files: 3, bytes: Number.POSITIVE_INFINITY } } }, before.data);
  expect(await put(files.app, "three", Buffer.from("text of three"))).toMatchObject({ status: 204 });
  expect(await put(files.app, "four", Buffer.from("text of four"))).toMatchObject({
    status: 403,
    body: expect.stringContaining("as many files as it may (3)"),
  });
  await files.close();
  const bytes = await open({ quotas: { ...DEFAULT_QUOTAS, world: { files: 10, bytes: 2_000_000 } } }, before.data);
  const over = await put(bytes.app, "four", Buffer.alloc(2_100_000, "y"));
  expect(over).toMatchObject({ status: 403, body: expect.stringContaining("this world has 0 GB of files, and may have 0.002 GB") });
  expect(staged(before.data)).toEqual([]);
});

test("[SV361] what could not be stored is not counted, and what jobs and the server store is of whom they work for", async () => {
  const path = join(mkdtempSync(join(root, "counts-")), "stored-files.json");
  const counts = new StoredCounts({ quotas: DEFAULT_QUOTAS, path, stored: { files: 0, bytes: 0 }, onFault: () => undefined });
  const blobs = guardBlobs(createMemoryBlobs(), { scanner: undefined, counts });
  await onBehalfOf("person:a", async () => {
    await blobs.put(Buffer.from("one"), "text/plain");
    const kept = await blobs.stage(once("two!"));
    await Promise.all([kept.keep("text/plain"), new Promise((resolve) => setTimeout(resolve, 1))]);
    await kept.keep("text/plain");
    await (await blobs.stage(once("not kept"))).drop();
    await expect(counts.adding("person:a", 5, () => Promise.reject(new Error("the disk is full")))).rejects.toThrow("full");
  });
  await onBehalfOf("system:import", () => blobs.put(Buffer.from("by the server"), "text/plain"));
  expect([counts.of("person:a"), counts.world]).toEqual([
    { files: 2, bytes: 7 },
    { files: 3, bytes: 20 },
  ]);
  counts.close();
  expect(
    new StoredCounts({ quotas: DEFAULT_QUOTAS, path, stored: { files: 0, bytes: 0 }, onFault: () => undefined }).of("person:a").bytes,
  ).toBe(7);
  writeFileSync(path, "{");
  const reopened = (): unknown =>
    new StoredCounts({ quotas: DEFAULT_QUOTAS, path, stored: { files: 0, bytes: 0 }, onFault: () => undefined });
  expect(reopened).toThrow(expect.objectContaining({ code: "DW_DAMAGED" } satisfies Partial<DoppelwerkError>));
});

async function* once(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text);
}

test("[SV361] quotas are numbers with a name, each once; anything else is refused", () => {
  expect(quotasOf()).toEqual(DEFAULT_QUOTAS);
  expect(quotasOf(["person-gb=2.5", "world-files=7"])).toEqual({
    person: { files: 100_000, bytes: 2_500_000_000 },
    world: { files: 7, bytes: Number.POSITIVE_INFINITY },
  });
  for (const text of ["person=1", "person-files=1.5", "person-files=-1", "person-files=", "world-gb=many", "files=1"])
    expect(() => quotasOf([text]), text).toThrow(/is no quota/);
  expect(() => quotasOf(["world-gb=1", "world-gb=2"])).toThrow(/is no quota/);
});
