import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { connect as connectSocket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync, zipSync } from "fflate";
import { afterAll, beforeAll, expect, test } from "vitest";
import { encodeId } from "@doppelwerk/aas";
import type { Client, Factor, LiveSession } from "@doppelwerk/client";
import { LIVE } from "@doppelwerk/world";
import { clientOf, eventually, runCommand, startBrowser, startServer, startSite } from "./running-site.ts";
import type { Ended, Program, RunningSite } from "./running-site.ts";
import { startServerProcess } from "../packages/connectors/src/opcua/test-plant.ts";

// What people, scripts and strangers send that is wrong, late, too much or not theirs: refused with a reason, and everything else goes on.
const folder = mkdtempSync(join(tmpdir(), "doppelwerk-bad-input-"));
const api = "/api/doppelwerk/v1";
let site: RunningSite;
let ada: Client;
let bo: Client;

beforeAll(async () => {
  site = await startSite({ minimal: true });
  ada = site.client("Ada");
  bo = site.client("Bo");
  await eventually(
    async () => ((await ada.snapshot()).stations.every(({ state }) => state !== "unknown") ? true : undefined),
    "the line is live",
  );
});
afterAll(async () => {
  await site?.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly code: string | undefined;
  readonly text: string;
}

async function ask(
  method: string,
  path: string,
  options: { readonly body?: string | Uint8Array; readonly type?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<Answer> {
  const headers = { ...(options.body === undefined ? {} : { "content-type": options.type ?? "application/json" }), ...options.headers };
  const response = await fetch(`${site.url}${path}`, {
    method,
    headers,
    ...(options.body === undefined ? {} : { body: options.body as string }),
  });
  const text = await response.text();
  return { status: response.status, code: codeOf(text), text };
}

function codeOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { error?: { code?: string } }).error?.code;
  } catch {
    return undefined;
  }
}

/** `fetch` sets Host and Origin by itself; a stranger sets what he likes. */
function raw(path: string, headers: Readonly<Record<string, string>>): Promise<{ readonly status: number; readonly text: string }> {
  const { hostname, port } = new URL(site.url);
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, path, headers }, (response) => {
      let text = "";
      response.on("data", (part: Buffer) => (text += part.toString()));
      response.on("end", () => resolve({ status: response.statusCode!, text }));
    });
    request.on("upgrade", (_response, socket) => {
      socket.destroy();
      resolve({ status: 101, text: "" });
    });
    request.on("error", reject);
    request.end();
  });
}

const upgrade = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
};

function oneLine(ended: Ended): string {
  expect(ended.code).toBe(1);
  const lines = ended.stderr.trimEnd().split("\n");
  expect(lines, ended.stderr).toHaveLength(1);
  return lines[0]!;
}

test("[E8] without accounts another address than this machine's is refused, and so are foreign hosts, foreign origins and pages of other sites, on HTTP and WebSocket", async () => {
  const bound = await Promise.all(
    ["0.0.0.0", "::", "192.0.2.1"].map((host) =>
      runCommand(["serve", "--data", join(folder, "public"), "--port", "0", "--host", host, "--no-open"]),
    ),
  );
  for (const ended of bound) expect(oneLine(ended)).toMatch(/without accounts/);
  const { host } = new URL(site.url);
  const strangers: readonly Readonly<Record<string, string>>[] = [
    { host: "evil.example" },
    { host, origin: "http://evil.example" },
    { host, origin: "null" },
    { host: "127.0.0.1.evil.example", origin: "http://127.0.0.1.evil.example" },
  ];
  for (const headers of strangers) {
    for (const path of ["/", `${api}/world`, "/api/v3/shells", "/metrics"])
      expect((await raw(path, headers)).status, `${path} ${JSON.stringify(headers)}`).toBe(403);
    expect((await raw("/ws", { ...upgrade, ...headers })).status).toBe(403);
  }
  expect((await raw("/ws", { ...upgrade, host, origin: `http://${host}` })).status).toBe(101);
  expect((await raw("/other", { ...upgrade, host })).status).toBe(403);
  expect((await raw(`${api}/world`, { host, origin: `http://${host}` })).status).toBe(200);
});

test("[E9] what cannot be read is refused in one line that names the field: malformed, unknown, of the wrong kind, too large, not a number, turned round", async () => {
  const revision = (await ada.world()).revision;
  const refused: readonly (readonly [number, string | undefined, Promise<Answer>])[] = [
    [400, "DW_INVALID", ask("POST", `${api}/branches`, { body: '{"name":' })],
    [400, "DW_INVALID", ask("POST", `${api}/branches`, { body: "[]" })],
    [400, "DW_INVALID", ask("POST", `${api}/branches`, { body: '{"name":"   "}' })],
    [400, "DW_INVALID", ask("POST", `${api}/branches`, { body: '{"name":"later","at":7999999999999999}' })],
    [415, "DW_INVALID", ask("POST", `${api}/branches`, { body: "<name/>", type: "text/xml" })],
    [413, "DW_INVALID", ask("POST", `${api}/branches`, { body: `{"name":"${"x".repeat(17_000_000)}"}` })],
    [404, "DW_NOT_FOUND", ask("GET", `${api}/nothing-here`)],
    [404, "DW_NOT_FOUND", ask("GET", `${api}/branches/nope/factors`)],
    [404, "DW_NOT_FOUND", ask("GET", `${api}/line?branch=nope`)],
    [404, "DW_NOT_FOUND", ask("DELETE", `${api}/branches/nope`)],
    [400, "DW_INVALID", ask("DELETE", `${api}/branches/${LIVE}`)],
    [404, "DW_NOT_FOUND", ask("GET", `${api}/runs/nope`)],
    [404, "DW_NOT_FOUND", ask("GET", `${api}/trend?signal=nope&from=1&to=2`)],
    [400, "DW_INVALID", ask("GET", `${api}/shells/not*base64/card`)],
    [404, "DW_NOT_FOUND", ask("GET", `${api}/shells/${encodeId("urn:nobody")}/card`)],
    [400, undefined, ask("GET", "/api/v3/shells/not*base64")],
    [404, undefined, ask("GET", `/api/v3/shells/${encodeId("urn:nobody")}`)],
    [404, undefined, ask("GET", "/worlds/default/branches/nope/api/v3/shells")],
    ...["NaN", "-1", "1e300", "", "1.5", "yesterday", "Infinity"].map(
      (t) => [400, "DW_INVALID", ask("GET", `${api}/snapshot?t=${t}`)] as const,
    ),
    ...["rail", "kpis", "alarm-history", "alarm-transitions", "trend", "window"].flatMap((path) => [
      [400, "DW_INVALID", ask("GET", `${api}/${path}?signal=x&signals=x&from=20&to=10`)] as const,
      [400, "DW_INVALID", ask("GET", `${api}/${path}?signal=x&signals=x&from=10&to=10`)] as const,
      [400, "DW_INVALID", ask("GET", `${api}/${path}?signal=x&signals=x&from=NaN&to=10`)] as const,
    ]),
    ...["0", "-5", "1000000000", "NaN"].map(
      (points) => [400, "DW_INVALID", ask("GET", `${api}/rail?from=1&to=2&points=${points}`)] as const,
    ),
    ...[0, -1, 1_000_000_000, 2.5, "5", null].map(
      (replications) =>
        [
          400,
          "DW_INVALID",
          ask("POST", `${api}/branches/${LIVE}/runs`, { body: JSON.stringify({ kind: "forecast", seed: 1, replications }) }),
        ] as const,
    ),
    [400, "DW_INVALID", ask("POST", `${api}/branches/${LIVE}/runs`, { body: JSON.stringify({ kind: "guess", seed: 1, replications: 5 }) })],
    [
      400,
      "DW_INVALID",
      ask("POST", `${api}/merge-requests`, {
        body: JSON.stringify({
          branch: LIVE,
          title: "no owner",
          text: "",
          runs: [],
          planned: { effectiveFrom: "2026-12-01", action: "do" },
        }),
      }),
    ],
    [
      400,
      "DW_INVALID",
      ask("POST", `${api}/branches/${LIVE}/changes`, {
        body: JSON.stringify({ reason: "x", changes: [{ op: "create", record: { id: "shell:x", kind: "element" } }] }),
      }),
    ],
    [
      404,
      "DW_NOT_FOUND",
      ask("POST", `${api}/branches/${LIVE}/changes`, {
        body: JSON.stringify({ reason: "x", changes: [{ op: "update", id: "element:nobody", fields: { value: { from: "1", to: "2" } } }] }),
      }),
    ],
    [400, "DW_INVALID", ask("GET", `${api}/world`, { headers: { "doppelwerk-person": "someone", "doppelwerk-name": "%E0%A4%A" } })],
    [400, "DW_INVALID", ask("POST", `${api}/connections`, { body: JSON.stringify({ url: "file:///etc/passwd", name: "x" }) })],
  ];
  for (const [at, [status, code, answer]] of refused.entries()) {
    const { status: given, code: told, text } = await answer;
    expect({ at, status: given, code: told }, text.slice(0, 300)).toEqual({ at, status, code });
    expect(text).not.toMatch(/\bat .*\.ts:\d|node_modules|✖|\\n/);
  }
  expect((await ada.world()).revision).toBe(revision);
});

test("[E10] a WebSocket that sends garbage, too much, no hello or another protocol version is told why and closed; the others notice nothing", async () => {
  const good = ada.live();
  await online(good);
  const hello = { kind: "hello", protocol: 1, name: "Eve", client: "e2e-secret-of-Eve", branch: LIVE };
  const cases: readonly (readonly [string, readonly (string | Uint8Array)[], RegExp | undefined])[] = [
    ["no JSON", ["{{{"], /not JSON/],
    ["binary", [Uint8Array.of(1, 2, 3)], /text frames only/],
    ["no hello", ['{"kind":"subscribe","signals":"all"}'], /hello/],
    ["unknown kind", ['{"kind":"launch"}'], /malformed/],
    ["another version", [JSON.stringify({ ...hello, protocol: 99 })], /protocol 2, the client 99/],
    ["unknown branch", [JSON.stringify({ ...hello, branch: "nope" }), '{"kind":"documents","branch":"nope"}'], /no such branch/],
    ["hello twice", [JSON.stringify(hello), JSON.stringify(hello)], /sent already/],
    ["oversized", [JSON.stringify({ ...hello, name: "x".repeat(5_000_000) })], undefined],
  ];
  for (const [what, frames, reason] of cases) {
    const { refusals, closed } = await shout(frames);
    expect(closed, what).toBe(reason === undefined ? 1009 : 1008);
    if (reason !== undefined) expect(refusals.at(-1), what).toMatch(reason);
  }
  await garbage();
  expect(good.state().kind).toBe("online");
  expect((await ada.world()).empty).toBe(false);
  good.close();

  function shout(frames: readonly (string | Uint8Array)[]): Promise<{ readonly refusals: readonly string[]; readonly closed: number }> {
    return new Promise((resolve) => {
      const socket = new WebSocket(`${site.url.replace("http", "ws")}/ws`);
      const refusals: string[] = [];
      socket.onopen = () => frames.forEach((frame) => socket.send(frame as string));
      socket.onmessage = ({ data }) => {
        const message = typeof data === "string" ? (JSON.parse(data) as { kind: string; message: string }) : undefined;
        if (message?.kind === "refused") refusals.push(message.message);
      };
      socket.onclose = ({ code }) => resolve({ refusals, closed: code });
    });
  }

  /** After the handshake come bytes that are no frames. */
  async function garbage(): Promise<void> {
    const { hostname, port, host } = new URL(site.url);
    const socket = connectSocket(Number(port), hostname);
    socket.on("error", () => {});
    const ended = once(socket, "close");
    socket.write(
      `GET /ws HTTP/1.1\r\nhost: ${host}\r\n${Object.entries(upgrade)
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join("")}\r\n`,
    );
    await once(socket, "data");
    socket.write(new Uint8Array(2_000).fill(0xff));
    socket.resume();
    await ended;
  }
});

async function online(session: LiveSession): Promise<void> {
  await eventually(() => (session.state().kind === "online" ? true : undefined), "the session is online");
}

function places(factors: readonly Factor[]): Factor {
  return factors.find(({ key }) => key.endsWith("/NumberOfPlaces"))!;
}

function setTo(factor: Factor, to: number) {
  return [{ op: "update" as const, id: factor.element, fields: { value: { from: String(factor.value), to: String(to) } } }];
}

test("[E11] two people on one field: the second hears what it is now; each takes back only his own, and not what another has changed since", async () => {
  const branch = await ada.fork("two hands");
  const [hers, his] = [ada.live({ branch: branch.id, session: "ada" }), bo.live({ branch: branch.id, session: "bo" })];
  await Promise.all([online(hers), online(his)]);
  const [seen, other] = (await ada.factors(branch.id)).filter(({ key }) => key.endsWith("/NumberOfPlaces"));
  await hers.push(branch.id, "Ada's", setTo(seen!, 7));
  await expect(his.push(branch.id, "Bo's", setTo(seen!, 9))).rejects.toMatchObject({
    code: "DW_CONFLICT",
    details: { field: "value", expected: String(seen!.value), actual: "7" },
  });
  await expect(his.undo(branch.id)).rejects.toMatchObject({ code: "DW_NOT_FOUND" });

  await his.push(branch.id, "Bo's own", setTo(other!, other!.value + 1));
  await hers.undo(branch.id);
  const after = await ada.factors(branch.id);
  expect(after.find(({ key }) => key === seen!.key)!.value).toBe(seen!.value);
  expect(after.find(({ key }) => key === other!.key)!.value).toBe(other!.value + 1);

  await hers.push(branch.id, "Ada's again", setTo(seen!, 7));
  await his.push(branch.id, "Bo over it", setTo({ ...seen!, value: 7 }, 8));
  const refusal = await hers.undo(branch.id).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: "DW_CONFLICT", details: { field: "value", by: expect.stringMatching(/^person:/) as string } });
  expect(places(await ada.factors(branch.id)).value).toBe(8);
  hers.close();
  his.close();
});

test("[E12] an approval is of another person and of what he saw: the author is refused, an edited branch makes it void, a foreign diff is refused", async () => {
  const branch = await ada.fork("to approve");
  const session = ada.live({ branch: branch.id });
  await online(session);
  const factor = places(await ada.factors(branch.id));
  await session.push(branch.id, "first", setTo(factor, factor.value + 1));
  const planned = { owner: "Maintenance", effectiveFrom: "2026-12-01", action: "install" };
  const request = await ada.propose({ branch: branch.id, title: "One more", text: "", runs: [], planned });
  await expect(ada.approve(request.id)).rejects.toMatchObject({ code: "DW_SAME_PERSON" });
  expect((await ada.mergeRequest(request.id)).mayNotApprove).toMatch(/author/);
  await expect(bo.merge(request.id)).rejects.toMatchObject({
    code: "DW_FORBIDDEN",
    message: expect.stringContaining("not approved") as string,
  });

  const seen = await bo.mergeRequest(request.id);
  await session.push(branch.id, "second thought", setTo({ ...factor, value: factor.value + 1 }, factor.value + 2));
  const headers = { "doppelwerk-person": bo.person.id, "doppelwerk-name": "Bo" };
  const late = await ask("POST", `${api}/merge-requests/${encodeURIComponent(request.id)}/approve`, {
    body: JSON.stringify({ diffHash: seen.diffHash, resultHash: seen.resultHash }),
    headers,
  });
  expect(late).toMatchObject({ status: 409, code: "DW_STALE_APPROVAL" });

  await bo.approve(request.id);
  await session.push(branch.id, "third thought", setTo({ ...factor, value: factor.value + 2 }, factor.value + 3));
  expect(await bo.mergeRequest(request.id)).toMatchObject({ stale: true, approvals: [{ valid: false }] });
  await expect(bo.merge(request.id)).rejects.toMatchObject({ code: "DW_STALE_APPROVAL" });
  await bo.approve(request.id);
  expect(await bo.merge(request.id)).toMatchObject({ status: "merged" });
  await expect(bo.approve(request.id)).rejects.toMatchObject({ code: "DW_CONFLICT" });
  session.close();
});

test("[E13] a run that is cancelled half-way says so, and the next one runs", async () => {
  const branch = await ada.fork("to cancel");
  const started = await ada.run(branch.id, { kind: "study", seed: 4, replications: 1_000, shifts: 20 });
  await eventually(async () => ((await ada.runResult(started.id)).run.state === "running" ? true : undefined), "the run is running");
  await ada.cancelRun(started.id);
  const { run } = await eventually(async () => {
    const result = await ada.runResult(started.id);
    return result.run.state === "running" ? undefined : result;
  }, "the run ends");
  expect(run.state).toBe("cancelled");
  const next = await ada.run(branch.id, { kind: "forecast", seed: 4, replications: 3 });
  const result = await eventually(async () => {
    const answer = await ada.runResult(next.id);
    return answer.run.state === "running" ? undefined : answer;
  }, "the next run ends");
  expect(result.run.state).toBe("done");
});

test("[E14] a window that was cut off comes back by itself and has what happened meanwhile: documents, people, values, and its own write once", async () => {
  const branch = await ada.fork("cut off");
  const sockets: WebSocket[] = [];
  let cut = false;
  /** A wire that can be cut: what is open ends, what is dialled fails. */
  class Wire extends WebSocket {
    constructor(url: string) {
      super(cut ? "ws://127.0.0.1:9/" : url);
      sockets.push(this);
    }
  }
  const session = clientOf(site.url, "Cut", Wire).live({ branch: branch.id, session: "cut" });
  await online(session);
  const replica = session.documents(branch.id, ["element"]);
  session.subscribe("all");
  const factor = places(await ada.factors(branch.id));
  const valueOf = () => (replica.get(factor.element) as { readonly value?: string } | undefined)?.value;
  await eventually(() => (valueOf() === String(factor.value) ? true : undefined), "the replica is filled");
  let samples = 0;
  session.on((event) => {
    if (event.kind === "samples") samples += event.batch.count;
  });

  // Sent, written, and cut off before the answer came.
  const [, second, third] = (await ada.factors(branch.id)).filter(({ key }) => key.endsWith("/NumberOfPlaces"));
  const unanswered = session.push(branch.id, "answer lost", setTo(third!, third!.value + 1));
  cut = true;
  sockets.at(-1)!.close();
  await eventually(() => (session.state().kind === "offline" ? true : undefined), "the session knows that it is offline");
  const other = bo.live({ branch: branch.id });
  await online(other);
  await other.push(branch.id, "meanwhile", setTo(factor, factor.value + 4));
  const own = session.push(branch.id, "written offline", setTo(second!, second!.value + 1));
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  cut = false;

  await eventually(() => (session.state().kind === "online" ? true : undefined), "the session is back");
  samples = 0;
  await eventually(() => (valueOf() === String(factor.value + 4) ? true : undefined), "the replica has what happened meanwhile");
  await Promise.all([own, unanswered]);
  await eventually(() => (samples > 0 ? true : undefined), "values flow again");
  await expect.poll(() => [...session.people().values()].map(({ name }) => name)).toContain("Bo");
  for (const reason of ["written offline", "answer lost"])
    expect((await ada.log({ limit: 20 })).filter((line) => line.reason === reason)).toHaveLength(1);
  other.close();
  session.close();
});

test("[E15] every command has --help; wrong words are wrong usage (exit 2), what is refused is one line (exit 1)", async () => {
  const commands = ["serve", "connect", "import", "export", "fork", "run", "compare", "merge", "verify"];
  const helped = await inTurn(commands, (command) => runCommand([command, "--help"]));
  for (const [at, ended] of helped.entries())
    expect(ended, commands[at]).toMatchObject({ code: 0, stdout: expect.stringContaining(`doppelwerk ${commands[at]}`) as string });
  const wrong = [
    [],
    ["nope"],
    ["serve"],
    ["serve", "--data", folder, "--port", "many"],
    ["serve", "--data", folder, "--nope"],
    ["import"],
    ["run", "b", "--kind", "guess"],
    ["fork", "x", "--at", "yesterday"],
    ["connect", "gopher://x"],
  ];
  for (const ended of await inTurn(wrong, runCommand)) expect(ended.code, ended.stderr).toBe(2);

  const server = ["--server", site.url];
  const refused: readonly (readonly [RegExp, readonly string[]])[] = [
    [/No connection to opc\.tcp:\/\/127\.0\.0\.1:1: nothing listens/, ["connect", "opc.tcp://127.0.0.1:1", ...server]],
    [/no (server|Doppelwerk) answers/, ["fork", "x", "--server", "http://127.0.0.1:1"]],
    [/no such branch/, ["compare", "nope", ...server]],
    [/cannot be written/, ["export", "--out", join(folder, "no", "such", "folder"), ...server]],
    [/no data folder/, ["verify", join(folder, "nowhere")]],
  ];
  for (const [at, ended] of (await inTurn(refused, ([, args]) => runCommand(args))).entries())
    expect(oneLine(ended)).toMatch(refused[at]![0]);
});

/** Two at a time: the machine has other things to do. */
async function inTurn<T, R>(items: readonly T[], run: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let i = 0; i < items.length; i += 2) results.push(...(await Promise.all(items.slice(i, i + 2).map((item) => run(item)))));
  return results;
}

test("[E16] a file that is no AAS file, a bomb or an XML entity is refused in one line and changes nothing; a path out of the package is left out and told", async () => {
  const good = unzipSync(readFileSync(String(site.plant.ready["engineeringFile"])));
  const write = (name: string, content: string | Uint8Array) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const files: readonly (readonly [string, RegExp])[] = [
    [write("notes.txt", "milk, eggs"), /neither AASX, XML nor JSON/],
    [write("empty.json", ""), /neither AASX, XML nor JSON/],
    [write("other.json", '{"name":"left-pad"}'), /no shell/],
    [write("zip.aasx", zipSync({ "readme.txt": new Uint8Array(10) })), /no shell/],
    [write("torn.aasx", readFileSync(String(site.plant.ready["engineeringFile"])).subarray(0, 4_000)), /no readable zip/],
    [write("bomb.aasx", zipSync({ ...good, "aasx/files/bomb": new Uint8Array(50_000_000) })), /times its size/],
    [
      write(
        "entity.xml",
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><environment xmlns="https://admin-shell.io/aas/3/1"><assetAdministrationShells/><submodels><submodel><id>&a;</id></submodel></submodels></environment>',
      ),
      /DOCTYPE/,
    ],
  ];
  const revision = (await ada.world()).revision;
  for (const [at, ended] of (await inTurn(files, ([path]) => runCommand(["import", path, "--server", site.url]))).entries()) {
    expect(oneLine(ended), files[at]![0]).toMatch(files[at]![1]);
    expect(ended.stderr).not.toContain("root:");
  }
  expect((await ada.world()).revision).toBe(revision);
  expect((await ask("POST", `${api}/import?name=x`, { body: "{}" })).code).toBe("DW_INVALID");

  // An entry that would leave the package is left out and told; the rest is read.
  const climbing = write("path.aasx", zipSync({ ...good, [`../../../../../../..${folder}/climbed.txt`]: Uint8Array.of(1) }));
  const read = await runCommand(["import", climbing, "--server", site.url, "--json"]);
  expect(read, read.stderr).toMatchObject({ code: 0 });
  expect((JSON.parse(read.stdout) as { findings: { message: string }[] }).findings.map(({ message }) => message)).toContainEqual(
    expect.stringContaining("leads out of the package"),
  );
  expect(existsSync(join(folder, "climbed.txt"))).toBe(false);
});

test("[E17] an empty world answers empty lists and says what to do; an OPC UA server that it is given becomes signals whose values arrive", async () => {
  const plant = await startServerProcess({
    pkiFolder: join(folder, "pki"),
    variables: [
      { name: "Temperature", unit: "°C", range: [0, 100], value: 20 },
      { name: "Parts", dataType: "Int32", value: 3 },
    ],
  });
  let world: Program | undefined;
  const browser = await startBrowser();
  try {
    world = await startServer(join(folder, "empty"));
    const url = String(world.ready["url"]);
    expect(await (await fetch(`${url}/api/v3/shells`)).json()).toMatchObject({ result: [] });
    const cleo = clientOf(url, "Cleo");
    expect(await cleo.world()).toMatchObject({ empty: true, demo: false });
    await expect(cleo.line()).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
    await expect(cleo.snapshot()).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
    const page = await browser.newPage();
    await page.goto(url);
    await page.getByLabel("Your name").fill("Cleo");
    await page.getByRole("button", { name: "Enter" }).click();
    await page.getByText("No line yet").first().waitFor();

    const connected = await runCommand(["connect", plant.url, "--name", "cell 4", "--server", url, "--json"]);
    expect(connected, connected.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(connected.stdout)).toMatchObject({ name: "cell 4", state: "connected", signals: 2, demo: false });
    const session = cleo.live();
    await online(session);
    const arrived = new Map<string, number>();
    session.on((event) => {
      if (event.kind !== "samples") return;
      for (let row = 0; row < event.batch.count; row++)
        arrived.set(session.signals()[event.batch.signals[row]!]!.name, event.batch.values[row]!);
    });
    session.subscribe("all");
    plant.set("Temperature", 71.5);
    plant.set("Parts", 12);
    await eventually(() => ([...arrived.values()].sort((a, b) => a - b).join() === "12,71.5" ? true : undefined), "both values arrive");
    expect([...arrived.keys()].sort()).toEqual([
      expect.stringContaining("Parts") as string,
      expect.stringContaining("Temperature") as string,
    ]);
    session.close();
    const again = await runCommand(["connect", plant.url, "--name", "cell 4", "--server", url, "--propose", "--json"]);
    const [status, proposal] = again.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
    expect(status).toMatchObject({ signals: 2 });
    expect(proposal, again.stderr).toMatchObject({ state: "done", summary: expect.anything() as unknown });
    expect(await cleo.connections()).toHaveLength(1);
  } finally {
    await browser.close();
    await world?.stop();
    await plant.kill();
  }
});
