import { createServer } from "node:http";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LIVE, type ConnectionRecord, type ElementRecord, type SignalRecord } from "@doppelwerk/world";
import { afterAll, expect, test } from "vitest";
import { openProduct, serveAs } from "../../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { SYSTEM } from "@doppelwerk/server/site";
import { createSiteApp } from "@doppelwerk/server/site";
import { testOnSharedData } from "../../../scripts/shared-data.ts";

const stops: (() => unknown)[] = [];
afterAll(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

// oxlint-disable-next-line no-explicit-any -- an answer has no type before it is judged
type Answer = { readonly status: number; readonly body: any };

async function aSite() {
  const folder = mkdtempSync(join(tmpdir(), "doppelwerk-files-"));
  stops.push(() => rmSync(folder, { recursive: true, force: true }));
  const site = await openProduct(folder);
  stops.push(() => site.close());
  const app = await createSiteApp(site);
  stops.push(() => app.close());
  const origin = await app.listen({ port: 0, host: "127.0.0.1" });
  const call = async (method: string, path: string, body?: object | Uint8Array, as = "anna"): Promise<Answer> => {
    const octets = body instanceof Uint8Array;
    const answer = await fetch(origin + path, {
      method,
      headers: {
        "doppelwerk-person": `secret of ${as}`,
        "doppelwerk-name": as,
        ...(body === undefined ? {} : { "content-type": octets ? "application/octet-stream" : "application/json" }),
      },
      ...(body === undefined ? {} : { body: octets ? new Uint8Array(body) : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === "" ? undefined : JSON.parse(text) };
  };
  const own = (method: string, path: string, body?: object | Uint8Array, as?: string) =>
    call(method, `/api/doppelwerk/v1${path}`, body, as);
  const look = (name: string, content: string | Uint8Array, columns: Readonly<Record<string, string>> = {}) =>
    own(
      "POST",
      `/plant-files?${new URLSearchParams({ ...columns, name })}`,
      typeof content === "string" ? new TextEncoder().encode(content) : content,
    );
  const propose = async (request: object) => {
    const { status, body } = await own("POST", "/proposals", request);
    expect(status, JSON.stringify(body)).toBe(202);
    await expect.poll(async () => (await own("GET", `/proposals/${body.id}`)).body.state).toMatch(/done|failed/);
    return (await own("GET", `/proposals/${body.id}`)).body;
  };
  const merge = async (request: string) => {
    expect(await own("POST", `/merge-requests/${request}/approve`, {}, "ben")).toMatchObject({ status: 200 });
    expect(await own("POST", `/merge-requests/${request}/merge`, {}, "ben")).toMatchObject({ status: 200 });
  };
  const records = <Kind>(kind: string) => site.view(SYSTEM).reader(LIVE).query({ kind }) as unknown as readonly Kind[];
  return { site, own, look, propose, merge, records, origin };
}

const DEVICES = `<?xml version="1.0"?><MTConnectDevices xmlns="urn:mtconnect.org:MTConnectDevices:1.7"><Header version="1.7"/><Devices>
<Device id="d1" name="Mill" uuid="m-1"><Description manufacturer="Maker &amp; Co" serialNumber="S-77" model="VF2"/>
<DataItems><DataItem id="avail" category="EVENT" type="AVAILABILITY"/></DataItems>
<Components><Controller id="c" name="ctl"><DataItems><DataItem id="count" name="parts" category="EVENT" type="PART_COUNT"/>
<DataItem id="spd" name="speed" category="SAMPLE" type="ROTARY_VELOCITY" units="REVOLUTION/MINUTE"/></DataItems></Controller></Components></Device></Devices></MTConnectDevices>`;

/** A zip as far as anybody looks for its names. */
function zipped(...names: readonly string[]): Uint8Array {
  return Buffer.from(`PK\u0003\u0004${names.map((name) => `${"\u0000".repeat(26)}${name}`).join("PK\u0001\u0002")}`, "latin1");
}

test("[SV90] a Devices.xml is looked into, proposed as a merge request with the nameplate it tells, and with an address its values", async () => {
  const { look, propose, own, records } = await aSite();
  const { body: offer } = await look("Devices.xml", DEVICES);
  expect(offer).toMatchObject({ kind: "devices", offer: { protocol: "mtconnect", serverName: "Mill" } });
  expect(offer.offer.drafts).toHaveLength(3);
  expect(records("shell")).toHaveLength(0);
  const alone = await propose({ file: offer.id, name: "Mill" });
  expect(alone).toMatchObject({ state: "done", summary: { assets: 1, nameplates: 1 } });
  expect(alone.unknowns[0].text.en).toMatch(/contains no address/);
  const placed = await propose({ file: offer.id, name: "Mill", url: "http://127.0.0.1:9/" });
  expect(placed.summary.signals).toBeGreaterThan(0);
  const diff = JSON.stringify((await own("GET", `/merge-requests/${placed.request}`)).body);
  expect(diff).toContain("S-77");
  expect(await own("POST", "/proposals", { file: "file:none" })).toMatchObject({ status: 404 });
});

test("[SV90] event logs of either form, in other languages, become assets in their order", async () => {
  const { look, propose } = await aSite();
  const xes = `<log xes.version="1.0">${["a", "b", "c", "d"]
    .map(
      (id, n) =>
        `<trace><string key="concept:name" value="${id}"/>${["Säge", "Bohren"].map((activity, at) => `<event><string key="concept:name" value="${activity}"/><date key="time:timestamp" value="2026-01-01T0${n + at}:00:00Z"/></event>`).join("")}</trace>`,
    )
    .join("")}</log>`;
  const { body: offer } = await look("log.xes", xes);
  expect(offer).toMatchObject({ kind: "eventLog", cases: 4, activities: ["Bohren", "Säge"] });
  expect((await propose({ file: offer.id })).evidence.filter(({ kind }: { kind: string }) => kind === "flow")).toHaveLength(1);
  const german = Buffer.from(
    "Auftrag;Arbeitsgang;Beginn;Ende\n1;Fräsen;2026-01-01 08:00;2026-01-01 08:10\n1;Prüfen;2026-01-01 08:20;2026-01-01 08:25\n",
    "latin1",
  );
  expect((await look("log.csv", german)).body).toMatchObject({ kind: "eventLog", activities: ["Fräsen", "Prüfen"] });
  const marked = Buffer.from("\uFEFFcase,activity,time\r1,Fräsen,2026-01-01T08:00\r\n1,检验,2026-01-01T09:00\n", "utf16le");
  for (const [name, bytes] of [
    ["log.csv", marked],
    ["log.csv.gz", gzipSync(marked)],
  ] as const)
    expect((await look(name, bytes)).body, name).toMatchObject({ kind: "eventLog", activities: ["Fräsen", "检验"] });
});

/** A shop of 40 orders: turning by two machines takes hours, packing is booked as an instant. */
function shopLog(): string {
  const at = (hours: number): string => new Date(Date.UTC(2026, 0, 12) + hours * 3_600_000).toISOString();
  const rows = Array.from({ length: 40 }, (_, order) => {
    const turning = 3 + (order % 5);
    const begin = 12 * order;
    const steps: readonly [string, number, number, string][] = [
      ["Turning", begin, begin + turning, order % 8 === 7 ? "Lathe 2" : "Lathe 1"],
      ["Grinding", begin + turning + 1, begin + turning + 1.5, "Grinder"],
      ["Packing", begin + turning + 2, begin + turning + 2, "Bench"],
    ];
    return steps.map(([activity, from, to, resource]) => [order, activity, at(from), at(to), resource].join(","));
  });
  return ["order,operation,start,end,machine", ...rows.flat()].join("\n");
}

test("[TW3] [SI5] a line from an event log has the times of the log with their n, what the log does not state is unknown, and a run warns of it", async () => {
  const { look, propose, merge, own } = await aSite();
  const { body: offer } = await look("shop.csv", shopLog());
  const proposal = await propose({
    file: offer.id,
    name: "Shop",
    answers: { "shifts:line": "Day 00:00-23:59 Mon Tue Wed Thu Fri Sat Sun" },
  });
  expect(proposal.state, proposal.why).toBe("done");
  const { params } = proposal.evidence.find(({ subject }: { subject: string }) => subject === "Turning.LoggedTimes").message;
  expect(params).toMatchObject({ visits: 40, mean: "5 h", places: 1, resources: 2, pooled: 1 });
  expect(proposal.unknowns.map(({ message }: { message: { code: string } }) => message.code)).toContain("operations.proposal.noWorkTime");
  await merge(proposal.request);
  const cyclesOf = async (branch: string) =>
    Object.fromEntries(
      (await own("GET", `/branches/${branch}/parameters`)).body
        .filter(({ name }: { name: string }) => name.startsWith("cycle"))
        .map((parameter: { station: string }) => [parameter.station, parameter]),
    );
  const { Turning, Grinding, Packing } = await cyclesOf("live");
  expect(Turning).toMatchObject({ source: "log", n: 40, unit: "s", pooled: false });
  expect(Turning.mean).toBeCloseTo(5 * 3_600, -1);
  expect(Grinding).toMatchObject({ source: "log", n: 40 });
  expect(Grinding.mean).toBeCloseTo(1_800, 0);
  expect(Packing).toMatchObject({ source: "unknown", n: 0 });
  // an edit of the mean acts on what the log states
  const fork = (await own("POST", "/branches", { name: "faster lathe" })).body;
  const factors = (await own("GET", `/branches/${fork.id}/factors`)).body as { key: string; element: string; value: number }[];
  const mean = factors.find(({ key }) => key === "Turning/LoggedTimes")!;
  expect(mean.value).toBe(18_000);
  const edit = { reason: "try", changes: [{ op: "update", id: mean.element, fields: { value: { from: "18000", to: "9000" } } }] };
  expect((await own("POST", `/branches/${fork.id}/changes`, edit)).status).toBe(200);
  expect((await cyclesOf(fork.id)).Turning).toMatchObject({ source: "edited" });
  const started = await own("POST", `/branches/${fork.id}/runs`, { kind: "study", replications: 4, seed: 1, shifts: 10 });
  expect(started.status, JSON.stringify(started.body)).toBeLessThan(300);
  await expect.poll(async () => (await own("GET", `/runs/${started.body.id}`)).body.run?.state).toBe("done");
  const { body: result } = await own("GET", `/runs/${started.body.id}`);
  expect(result.warnings.join()).toContain("unknown at Packing");
});

testOnSharedData("[TW3] a real log of a metal shop: hours, not seconds, for its operations", "eventlog/production.csv", async (path) => {
  const { look, propose, merge, own } = await aSite();
  const { body: offer } = await look("production.csv", readFileSync(path));
  const proposal = await propose({ file: offer.id, name: "Metal shop" });
  await merge(proposal.request);
  const parameters = (await own("GET", "/branches/live/parameters")).body as {
    name: string;
    source: string;
    n: number;
    mean: number;
    station: string;
  }[];
  const cycles = parameters.filter(({ name }) => name.startsWith("cycle"));
  const known = cycles.filter(({ source }) => source === "log");
  console.log(known.map(({ station, n, mean }) => `${station}: ${(mean / 3_600).toFixed(2)} h, n ${n}`).join("; "));
  console.log(`${known.length} of ${cycles.length} operations have times of the log`);
  expect(known.length).toBeGreaterThan(15);
  for (const { n, mean } of known) {
    expect(n).toBeGreaterThan(0);
    expect(mean).toBeGreaterThan(60);
  }
  expect(new Set(cycles.map(({ source }) => source))).not.toContain("nominal");
});

test("[SV91] what a proposal connected travels with its shells: exported and dropped on another server it connects there, once, without the secret", async () => {
  const plant = createServer((_request, response) => {
    const station = (good: number) => ({ Good: good, Total: good + 1, CycleTime: 30.5, State: "20" });
    response
      .setHeader("content-type", "application/json")
      .end(JSON.stringify({ ST010: station(40), ST020: station(38), ST030: station(36) }));
  });
  plant.listen(0, "127.0.0.1");
  await once(plant, "listening");
  stops.push(() => {
    plant.closeAllConnections();
    plant.close();
  });
  const url = `http://127.0.0.1:${(plant.address() as { port: number }).port}/state`;
  const first = await aSite();
  expect((await first.own("PUT", "/secrets/press", { token: "top-secret-token" })).status).toBe(204);
  const settings = { intervalS: 0.2, allowPrivate: true };
  const proposal = await first.propose({ url, protocol: "http", settings, secret: "press", name: "Cell" });
  expect(proposal.state, proposal.why).toBe("done");
  expect(proposal.summary).toMatchObject({ assets: 3 });
  await first.merge(proposal.request);
  const signals = first.records<SignalRecord>("signal").filter(({ shell, connection }) => shell !== undefined && connection !== undefined);
  expect(signals.length).toBeGreaterThan(5);
  // the description that came with the merge adds no second signal and no second connection
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(first.records<SignalRecord>("signal").filter(({ connection }) => connection !== undefined)).toHaveLength(signals.length);
  expect(first.records("connection")).toHaveLength(1);
  const again = await first.propose({ connection: first.records<ConnectionRecord>("connection")[0]!.id });
  expect([again.summary.changes, again.summary.conflicts]).toEqual([0, 0]);

  const answer = await fetch(`${first.origin}/api/v3/serialization`, { headers: { accept: "application/json" } });
  const exported = new Uint8Array(await answer.arrayBuffer());
  const text = new TextDecoder().decode(exported);
  expect(text).toContain("AssetInterfacesMappingConfiguration/2/0/Submodel");
  expect(text).not.toMatch(/top-secret-token|"press"|allowPrivate/);

  const second = await aSite();
  const { body: offer } = await second.look("cell.json", exported);
  expect(offer).toMatchObject({ kind: "documents", connections: [{ protocol: "http", signals: signals.length }] });
  expect(offer.findings).toEqual([]);
  const dropped = await second.propose({ file: offer.id });
  expect(dropped.state, dropped.why).toBe("done");
  expect(second.records("shell")).toHaveLength(0);
  await second.merge(dropped.request);
  const [connection] = second.records<ConnectionRecord>("connection");
  expect(connection).toMatchObject({ protocol: "http", enabled: false });
  const there = second.records<SignalRecord>("signal").filter((signal) => signal.connection === connection!.id);
  const facts = (all: readonly SignalRecord[]) =>
    all.map(({ address, role, shell, valueType }) => [address, role, shell, valueType].join()).toSorted();
  expect(facts(there)).toEqual(facts(signals));
  const bound = second.records<ElementRecord>("element").flatMap(({ signal }) => (signal === undefined ? [] : [signal]));
  expect(new Set(bound)).toEqual(new Set(there.map(({ id }) => id)));
  expect((await second.own("PATCH", `/connections/${encodeURIComponent(connection!.id)}`, { enabled: true, settings })).status).toBe(204);
  const number = there.find(({ valueType }) => valueType === "double")!;
  await expect.poll(() => second.site.signals.live(number.id)?.value).toBeTypeOf("number");
});

test("[SV93] a log whose columns nobody here knows is shown with its rows, read as a person says, and asked again with answers in Chinese words", async () => {
  const { look, propose, own } = await aSite();
  const rows = ["1", "2", "3"].flatMap((part) => [`${part};Sägen;0${part}:00;1,5`, `${part};Bohren;0${part}:30;2,5`]);
  const log = `Teil;Schritt;Uhr;Wert\n${rows.map((row) => row.replace(/;0/, ";2026-01-12 0")).join("\n")}`;
  const { body: table } = await look("los 7.csv", log);
  expect(table).toMatchObject({ kind: "table", header: ["Teil", "Schritt", "Uhr", "Wert"], columns: {} });
  expect(table.rows[0]).toEqual(["1", "Sägen", "2026-01-12 01:00", "1,5"]);
  expect(table.why.told.code).toBe("sim.eventLogColumnCase");
  expect(table.why.text).toContain("case");
  // nothing is proposed of what nobody understands
  expect((await own("POST", "/proposals", { file: table.id })).body.error.told).toMatchObject({
    values: { why: { code: table.why.told.code } },
  });
  const { body: offer } = await look("los 7.csv", log, { case: "Teil", activity: "Schritt", time: "Uhr" });
  expect(offer).toMatchObject({ kind: "eventLog", cases: 3, activities: ["Bohren", "Sägen"], columns: { time: "Uhr" }, left: 0 });
  expect(offer.notes.join()).toContain("one time per row");
  expect(offer.assumptions).toContainEqual({ code: "sim.eventLogEndsOnly", params: {} });
  // a report of it reads the same, though another thread makes it
  const visits = Array.from({ length: 12 }, (_, at) => `${at % 3};a;2026-01-12T08:${10 + at}Z`);
  const lines = ["case;activity;end", ";b;x", ...visits].join("\n");
  const { status, body: report } = await own("POST", "/event-log/report", new TextEncoder().encode(lines));
  expect(status, JSON.stringify(report)).toBe(200);
  expect(report.notes.join()).toContain("one time per row");
  expect(report.left.first).toBe("row 2 has no case");
  const first = await propose({ file: offer.id, name: offer.name, language: "zh" });
  expect(first.state, first.why).toBe("done");
  expect(first.of).toEqual({ file: offer.id });
  const shown = (await own("GET", `/merge-requests/${first.request}`)).body;
  expect([shown.title, shown.planned.action]).toEqual(["由 los 7.csv 生成的孪生方案", "审阅方案，编辑，合并"]);
  expect(shown.text).toMatch(/^3 个资产|^2 个资产/);
  expect(JSON.stringify((await own("GET", "/branches")).body)).toContain("方案：los 7.csv");
  expect(first.questions.find(({ id }: { id: string }) => id === "name:line").text.en).toContain("los 7 is the name");
  const answered = await propose({ ...first.of, name: offer.name, answers: { "name:line": "Linie 7", site: "Werk" } });
  expect(answered.request).toBe(first.request);
  expect(answered.questions.map(({ id }: { id: string }) => id)).not.toContain("site");
});

test("[SV92] a file that cannot be taken is refused with what it is, why, and what to do instead", async () => {
  const { look } = await aSite();
  for (const [name, content, why] of [
    ["empty.csv", "", /the file is empty: empty\.csv/],
    ["a.csv.gz", Uint8Array.of(0x1f, 0x8b, 8, 0), /gzip.*cannot be unpacked.*a\.csv\.gz/],
    ["a.json.gz", gzipSync("{}"), /gzip, decompress it first/],
    ["photo.jpg", Uint8Array.of(0xff, 0xd8, 0xff, 0, 1, 2, 0, 3), /is not AASX, JSON, XML or CSV: photo\.jpg/],
    ["book.xlsx", zipped("[Content_Types].xml", "xl/workbook.xml"), /spreadsheet.*as CSV, book\.xlsx/],
    ["logs.zip", zipped("january.csv", "february.csv"), /unpack it first, logs\.zip/],
    ["none.xml", "<MTConnectDevices><Header/><Devices/></MTConnectDevices>", /describes no device: none\.xml/],
    ["page.xml", "<html><body/></html>", /begins with environment .* not with html: page\.xml/],
    ["counts.csv", "time,good\n2026-01-01,5\n", /no event log .*file:\/\/\/…/],
    [
      "bomb.xml",
      `<?xml version="1.0"?><!DOCTYPE MTConnectDevices [<!ENTITY a "b">]><MTConnectDevices>&a;</MTConnectDevices>`,
      /document type|entit/i,
    ],
    ["half.xml", "<MTConnectDevices><Devices><Device na", /XML|closing|unclosed|tag/i],
    ["half.xes", "<log><trace><event", /./],
    ["list.json", "[1,2", /./],
  ] as const)
    expect(await look(name, content), name).toMatchObject({ status: 400, body: { error: { message: expect.stringMatching(why) } } });
});

test("[TW1] who may not administer is refused before anything is parsed, and a file is held for who looked into it", async () => {
  const { site, own, look } = await aSite();
  const operator = await serveAs(site, { id: "person:op", name: "Op", verified: true, roles: ["operator"] });
  const ask = (method: string, path: string) =>
    fetch(`${operator.origin}/api/doppelwerk/v1${path}`, {
      method,
      ...(method === "GET" ? {} : { body: "{}", headers: { "content-type": "application/json" } }),
    });
  for (const [method, path] of [
    ["POST", "/plant-files"],
    ["GET", "/proposals"],
    ["POST", "/proposals"],
    ["GET", "/proposals/x"],
  ] as const)
    expect((await ask(method, path)).status, path).toBe(403);
  await operator.close();
  const { body } = await look("mill.xml", DEVICES);
  expect((await own("POST", "/proposals", { file: body.id }, "ben")).status).toBe(404);
  expect((await own("POST", "/proposals", { file: body.id })).status).toBe(202);
});
