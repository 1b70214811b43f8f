import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { need } from "../../../../scripts/services.ts";
import { entryBytes, type Happened } from "../transparency/entry.ts";
import { Salts } from "../transparency/salts.ts";
import { TransparencyLog } from "../transparency/transparency-log.ts";
import { EVENT_CODES, SEVERITIES, codeOf } from "./event-codes.ts";
import { LogForwarder, type ForwarderOptions } from "./log-forwarder.ts";
import { receiverAddress } from "./receiver-address.ts";
import { startRsyslog, type Rsyslog } from "./rsyslog.fixture.ts";
import { framed, syslogMessage } from "./syslog-message.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-security-log-"));
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const logger = pino({ level: "silent" });
const WAIT = { timeout: 60_000, interval: 50 };
const DOORS = { entering: new Set(["kernel.logIn"]), leaving: new Set(["kernel.logOut"]) };
const clock = { now: () => Date.now() * 1_000 };

async function openLog(data: string): Promise<TransparencyLog> {
  return TransparencyLog.open({ data, version: "1.2.3", clock, logger });
}

function forward(data: string, log: ForwarderOptions["log"], to: string, more: Partial<ForwarderOptions> = {}): LogForwarder {
  const address = receiverAddress(to);
  return new LogForwarder({
    data,
    log,
    address,
    trust: {},
    version: "1.2.3",
    doors: DOORS,
    now: clock.now,
    logger,
    renewMs: 300,
    retryMs: 50,
    ...more,
  });
}

const refused = (count: number): Happened => ({ what: "refused", operation: "kernel.logIn", status: 401, count });
/** Numbers of entries that a receiver got, each once, in the order of their first coming. */
const numbersIn = (lines: readonly string[]): readonly number[] => [
  ...new Set(lines.map((line) => Number(/ entry="(\d+)"/.exec(line)![1]))),
];
const upTo = (end: number, from = 0): readonly number[] => Array.from({ length: end - from }, (_, at) => from + at);

/** An authority with a certificate of a receiver at 127.0.0.1, and one of a sender. */
function certificates(folder: string) {
  const openssl = need("openssl");
  const run = (...words: string[]) => execFileSync(openssl, words, { stdio: "pipe", cwd: folder });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  run("req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=Authority of a test");
  for (const [name, use] of [
    ["receiver", "subjectAltName=IP:127.0.0.1"],
    ["sender", "extendedKeyUsage=clientAuth"],
  ] as const)
    run(
      "req",
      "-x509",
      ...key,
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.pem`,
      "-days",
      "2",
      "-subj",
      `/CN=${name}`,
      "-addext",
      use,
      "-CA",
      "ca.pem",
      "-CAkey",
      "ca.key",
    );
  const path = (name: string): string => join(folder, name);
  return { path, pem: (name: string): string => readFileSync(path(name), "utf8") };
}

test("[SV358] the log reaches a real rsyslogd over TLS with certificates on both sides; killed and started again it has every entry, none is missing, and a restart of the server goes on where it was", async () => {
  const data = mkdtempSync(join(root, "tls-"));
  const { path, pem } = certificates(mkdtempSync(join(root, "pki-")));
  const tls = { authority: path("ca.pem"), certificate: path("receiver.pem"), key: path("receiver.key") };
  const trust = { authority: pem("ca.pem"), certificate: pem("sender.pem"), key: pem("sender.key") };
  const folder = join(root, "rsyslog-tls");
  let receiver = await startRsyslog({ folder, transport: "tls", tls });
  ends.push(() => receiver.stop());
  const address = `tls://127.0.0.1:${receiver.port}`;
  let log = await openLog(data);
  let forwarder = forward(data, log, address, { trust });
  log.beforeEnd(() => forwarder.close());
  const tell = (count: number) => log.appendAll(Array.from({ length: count }, (_, at) => () => refused(at + 1)));
  await tell(700);
  await vi.waitUntil(() => forwarder.state.waiting === 0, WAIT);
  expect(numbersIn(receiver.raw())).toEqual(upTo(701));
  // it dies in the middle of what it is sent, and is away for some time
  const { port } = receiver;
  await tell(2_000);
  await vi.waitUntil(() => receiver.raw().length > 701, WAIT);
  await receiver.stop("SIGKILL");
  await tell(1_000);
  await vi.waitUntil(() => forwarder.state.failing !== undefined, WAIT);
  expect(forwarder.state.waiting).toBeGreaterThanOrEqual(1_000);
  receiver = await startRsyslog({ folder, transport: "tls", tls, port });
  await vi.waitUntil(() => forwarder.state.waiting === 0, WAIT);
  expect(forwarder.state.failing).toBeUndefined();
  expect(numbersIn(receiver.raw())).toEqual(upTo(3_701));
  // the end of the log goes out before the server has ended; the next one goes on behind it
  await log.close();
  expect(receiver.parsed().at(-1)![0]).toBe("DW-STOP");
  log = await openLog(data);
  forwarder = forward(data, log, address, { trust });
  log.beforeEnd(() => forwarder.close());
  await log.close();
  expect(numbersIn(receiver.raw())).toEqual(upTo(log.size));
  expect(
    receiver
      .parsed()
      .slice(-2)
      .map(([code]) => code),
  ).toEqual(["DW-START", "DW-STOP"]);
  // who shows no certificate, or is shown one of another authority, sends nothing
  for (const [wrong, why] of [
    [{ authority: trust.authority }, /alert|closed|reset/i],
    [{ ...trust, authority: pem("sender.pem") }, /certificate|issuer/i],
  ] as const) {
    const stranger = forward(data, { ...logOf(3), startedAt: 0 }, address, { trust: wrong, data: mkdtempSync(join(root, "other-")) });
    await vi.waitUntil(() => stranger.state.failing !== undefined, WAIT);
    expect(stranger.state).toMatchObject({ sent: 0, waiting: 3 });
    expect(stranger.state.failing!.reason).toMatch(why);
    await stranger.close();
  }
  expect(numbersIn(receiver.raw())).toEqual(upTo(log.size));
}, 240_000);

/** A log of refusals that needs no disk. */
function logOf(size: number, time = 1_700_000_000_123_456): ForwarderOptions["log"] & { size: number } {
  const bytes = (at: number) => entryBytes({ v: 1, time, nonce: `n.${at}`, ...refused(at + 1) });
  return { size, startedAt: 0, origin: "doppelwerk.log/abc", entries: async (first, count) => upTo(first + count, first).map(bytes) };
}

test("[SV358] rsyslogd takes the same messages over TCP and over UDP; what a closed port refuses is sent again", async () => {
  for (const transport of ["tcp", "udp"] as const) {
    const data = mkdtempSync(join(root, `${transport}-`));
    const folder = join(root, `rsyslog-${transport}`);
    const port = await freePort();
    // nobody is there yet
    const forwarder = forward(data, logOf(200), `${transport}://127.0.0.1:${port}`);
    ends.push(() => forwarder.close());
    await vi.waitUntil(() => forwarder.state.failing !== undefined, WAIT);
    expect(forwarder.state.sent).toBe(0);
    const receiver: Rsyslog = await startRsyslog({ folder, transport, port });
    ends.push(() => receiver.stop());
    await vi.waitUntil(() => forwarder.state.waiting === 0, WAIT);
    const got = (): readonly number[] => numbersIn(receiver.raw()).toSorted((a, b) => a - b);
    // a datagram that a busy machine drops is lost (RFC 5426, 4.4): of UDP only that each one is whole and is of these
    await vi.waitUntil(() => got().length >= (transport === "tcp" ? 200 : 1), WAIT);
    if (transport === "tcp") expect(got()).toEqual(upTo(200));
    else expect(got().filter((entry) => entry >= 200)).toEqual([]);
    const [code, priority, structured, text] = receiver.parsed()[0]!;
    expect([code, priority, text!.trim()]).toEqual(["DW-SIGN-IN-REFUSED", "108", "DW-SIGN-IN-REFUSED kernel.logIn 401"]);
    const entry = Number(/entry="(\d+)"/.exec(structured!)![1]);
    expect(structured).toContain(
      `[doppelwerk@32473 entry="${entry}" log="doppelwerk.log/abc" count="${entry + 1}" operation="kernel.logIn" status="401"]`,
    );
  }
}, 120_000);

test("[SV358] a receiver that reads nothing is waited for in bounded memory; one that breaks off, or does not end, has received nothing", async () => {
  const data = mkdtempSync(join(root, "slow-"));
  const sockets: Socket[] = [];
  let mode: "silent" | "cut" | "read" = "silent";
  const received: Uint8Array[] = [];
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined);
    if (mode === "silent") return void socket.pause();
    if (mode === "cut") return void socket.once("data", () => socket.resetAndDestroy());
    socket.on("data", (chunk) => received.push(Buffer.from(chunk)));
    socket.on("end", () => socket.end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ends.push(() => new Promise((resolve) => (sockets.forEach((socket) => socket.destroy()), server.close(resolve))));
  const { port } = server.address() as { port: number };
  let reads = 0;
  const log = logOf(200_000);
  const counted = { ...log, size: log.size, entries: (first: number, count: number) => (reads++, log.entries(first, count)) };
  const forwarder = forward(data, counted, `tcp://127.0.0.1:${port}`);
  ends.push(() => forwarder.close());
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  // what the sockets of two machines hold, and no more: 200,000 events are 40 MB
  expect(reads).toBeLessThan(60);
  expect(forwarder.state).toMatchObject({ sent: 0, waiting: 200_000 });
  mode = "cut";
  for (const socket of sockets.splice(0)) socket.destroy();
  await vi.waitUntil(() => forwarder.state.failing !== undefined && sockets.length > 1, WAIT);
  expect(forwarder.state).toMatchObject({ sent: 0, waiting: 200_000 });
  mode = "read";
  await vi.waitUntil(() => forwarder.state.sent >= 10_000, WAIT);
  const messages = unframed(Buffer.concat(received));
  expect(numbersIn(messages).slice(0, 10_000)).toEqual(upTo(10_000));
}, 120_000);

/** Takes a stream apart by its lengths (RFC 6587, 3.4.1). */
function unframed(stream: Buffer): readonly string[] {
  const messages: string[] = [];
  for (let at = 0; at < stream.length;) {
    const space = stream.indexOf(" ", at);
    const length = Number(stream.subarray(at, space));
    if (space < 0 || space + 1 + length > stream.length) break;
    messages.push(stream.subarray(space + 1, space + 1 + length).toString());
    at = space + 1 + length;
  }
  return messages;
}

test("[SV358] a receiver is one address of three kinds; anything else is refused", () => {
  expect(receiverAddress("tls://siem.example.com")).toMatchObject({ transport: "tls", host: "siem.example.com", port: 6514 });
  expect(receiverAddress("tcp://10.0.0.7:1514")).toMatchObject({ port: 1514, text: "tcp://10.0.0.7:1514" });
  expect(receiverAddress("udp://[::1]")).toMatchObject({ host: "::1", port: 514, text: "udp://[::1]:514" });
  for (const text of [
    "siem:6514",
    "https://siem",
    "tls://user:word@siem",
    "tls://siem/path",
    "tls://siem:0",
    "tls://siem:70000",
    "tls://",
    "tls://a b",
  ])
    expect(() => receiverAddress(text), text).toThrow(/is no receiver of syslog/);
  expect(() => receiverAddress("tls://user:hidden@siem")).not.toThrow(/hidden/);
});

test("[SV359] a message is RFC 5424: header, structured data and text hold hostile values apart, octets are counted and times are to the microsecond", () => {
  const source = { host: "plant server\n<7>1", version: '1"]', process: 42 };
  const values = { entry: 7, operation: 'a"b\\c]d\ne', world: "größe" };
  const message = syslogMessage({ code: "DW-ACCESS-REFUSED", time: 1_700_000_000_000_042, values }, source);
  expect(String(message)).toBe(
    '<108>1 2023-11-14T22:13:20.000042Z plantserver<7>1 doppelwerk 42 DW-ACCESS-REFUSED [origin software="Doppelwerk" swVersion="1\\"\\]"]' +
      '[doppelwerk@32473 entry="7" operation="a\\"b\\\\c\\]d e" world="größe"] DW-ACCESS-REFUSED a"b\\c]d e',
  );
  expect(String(framed(message))).toBe(`${message.length} ${String(message)}`);
  expect(message.length).toBeGreaterThan(String(message).length);
});

test("[SV359] every code is in the guide with its severity, and every kind of entry has one", () => {
  const guide = readFileSync(new URL("../../../../docs/guide/security-log.md", import.meta.url), "utf8");
  for (const [code, severity] of Object.entries(EVENT_CODES))
    expect(guide, code).toMatch(new RegExp(`^\\| \`${code}\` \\| ${severity} \\(${SEVERITIES[severity]}\\) \\|`, "m"));
  const of = (happened: Happened) => codeOf({ v: 1, time: 0, nonce: "", ...happened }, DOORS);
  const request = (operation: string): Happened => ({ what: "request", operation, status: 200 });
  expect(["kernel.logIn", "kernel.logOut", "kernel.createAccount"].map((operation) => of(request(operation)))).toEqual([
    "DW-SIGN-IN",
    "DW-SIGN-OUT",
    "DW-REQUEST",
  ]);
  expect(of({ what: "refused", operation: "x", status: 403 })).toBe("DW-ACCESS-REFUSED");
  expect(of({ what: "refused", operation: "x", status: 429 })).toBe("DW-SIGN-IN-REFUSED");
  expect(of({ what: "attention", code: "server.attentionFull", level: "error", state: "over" })).toBe("DW-ATTENTION-OVER");
  expect(of({ what: "segment", world: "w", file: "f", bytes: 1, sha256: "", replaces: [] })).toBeUndefined();
  expect(codeOf(undefined, DOORS)).toBe("DW-UNKNOWN");
});

test("[SV359] nothing of a person is sent: commitments stay in the log, and what the server did by itself is said", async () => {
  const data = mkdtempSync(join(root, "people-"));
  const salts = new Salts(join(data, "salts.json"));
  const who = salts.commit("person:mara", "n.1", "who", "person:mara");
  const entries: readonly Happened[] = [
    { what: "request", operation: "kernel.createAccount", status: 200, who, whom: who, machine: "machine:1" },
    { what: "commit", world: "w", revision: 3, hash: "h", did: "change", kinds: ["shell", "submodel"], who: "system", reason: who },
  ];
  const bytes = entries.map((happened, at) => entryBytes({ v: 1, time: 1, nonce: `n.${at}`, ...happened }));
  const log = {
    size: bytes.length,
    startedAt: 0,
    origin: "log",
    entries: async (first: number, count: number) => bytes.slice(first, first + count),
  };
  const port = await freePort();
  const receiver = await startRsyslog({ folder: join(root, "rsyslog-people"), transport: "tcp", port });
  ends.push(() => receiver.stop());
  const forwarder = forward(data, log, `tcp://127.0.0.1:${port}`);
  await vi.waitUntil(() => forwarder.state.waiting === 0, WAIT);
  await forwarder.close();
  const [request, commit] = receiver.raw();
  expect(receiver.raw().join()).not.toContain(who);
  expect(receiver.raw().join()).not.toMatch(/mara|nonce|reason/);
  expect(request).toContain('machine="machine:1" operation="kernel.createAccount" status="200"]');
  expect(commit).toContain('by="system" ');
  expect(commit).toContain('kinds="shell submodel"');
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
