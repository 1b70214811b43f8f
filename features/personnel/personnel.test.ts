import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@doppelwerk/client";
import type { HostedWorld } from "@doppelwerk/server/site";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clientAs, openProduct, serveAs } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import * as calls from "./calls.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-personnel-"));
const drop = join(folder, "drop");
const data = join(folder, "data");
const closes: (() => Promise<unknown>)[] = [];
const WAIT = { timeout: 60_000 };
const DATE = "2026-11-30";
let site: HostedWorld;
let ada: Client;
let eva: Client;
let otto: Client;

async function open(): Promise<void> {
  site = await openProduct(data, { fileFolders: [drop] });
  ada = await clientAs(site, "ada", "administrator", closes);
  eva = await clientAs(site, "eva", "engineer", closes);
  otto = await clientAs(site, "otto", "operator", closes);
}
async function close(): Promise<void> {
  for (const end of closes.splice(0)) await end();
  await site.close();
}
const put = (name: string, rows: readonly string[]): void => writeFileSync(join(drop, name), `${rows.join("\r\n")}\r\n`);
const roster = (client = eva, more: object = {}) => calls.roster(client, { query: { date: DATE, ...more } });
const matrix = (client = eva) => calls.skills(client, { query: { date: DATE } });
const source = async () => (await calls.sources(ada))[0]!;

beforeAll(async () => {
  mkdirSync(drop, { recursive: true });
  mkdirSync(data, { recursive: true });
  await open();
});
afterAll(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

const HEAD = "date,shift,from,to,line,station,role,person,name,replaces,remark";
const row = (shift: "Early" | "Late", station: string, person: string, more = ",,"): string => {
  const [from, to] = shift === "Early" ? ["06", "14"] : ["14", "22"];
  return `${DATE},${shift},${DATE}T${from}:00:00+01:00,${DATE}T${to}:00:00+01:00,Line1,${station},operator,${person}${more}`;
};

test("[PE4] a folder of people, skills, requirements and rosters is read as it is: each row that cannot be taken is one finding with its file and line", async () => {
  put("people.csv", [
    "person,name,team",
    'P1,"Abrecht, Ada",A',
    'P2,"Quist, Bo",A',
    'P3,"Ilves, Cem",B',
    'P3,"Ilves, Cem",B',
    "bad number!,X,A",
  ]);
  put("skills.csv", [
    "person,skill,level,valid_from,valid_to",
    "P1,operate S10,3,2024-01-01,2026-12-15",
    "P2,operate S10,2,2024-01-01,2026-11-01",
    "P3,operate S10,2,2024-01-01,2027-11-01",
    "P3,operate S10,2,2024-01-01,2027-01-01",
    "P77,operate S10,2,2024-01-01,2027-01-01",
    "P1,forklift,7,2024-01-01,2027-01-01",
    "P1,forklift,2,2024-01-01,30.11.2026",
  ]);
  put("requirements.csv", ["station,skill,level,people", "S10,operate S10,2,2"]);
  put(`roster-${DATE}-v1.csv`, [
    HEAD,
    row("Early", "S10", "P1"),
    row("Early", "S10", "P2"),
    row("Early", "S20", "P2"),
    row("Early", "S10", "P1"),
    row("Early", "S30", "", ",,P3,sick"),
    row("Late", "S10", "P3"),
    row("Late", "S10", "P88"),
    "2026-13-40,Late,x,y,Line1,S10,operator,P3,,,",
  ]);
  put("roster-broken.csv", ["date,shift", "2026-11-30,Early"]);
  await calls.addSource(ada, { body: { fields: { name: "Roster", path: drop, intervalS: 1 } } });
  await expect.poll(async () => (await source()).files, WAIT).toBe(5);
  const { state, faults } = await source();
  expect(state).toBe("connected");
  expect(Object.fromEntries(faults.map(({ where, reason }) => [where, reason.code]))).toMatchObject({
    "people.csv:5": "personnel.fault.twice",
    "people.csv:6": "personnel.fault.worker",
    "skills.csv:5": "personnel.fault.twice",
    "skills.csv:6": "personnel.fault.unknownWorker",
    "skills.csv:8": "messages.faultAt",
    [`roster-${DATE}-v1.csv:5`]: "personnel.fault.twice",
    "roster-broken.csv:1": "personnel.fault.columns",
  });
  expect(faults.map(({ where }) => where)).toEqual(expect.arrayContaining(["skills.csv:7", `roster-${DATE}-v1.csv:9`]));
  expect(faults).toHaveLength(9);
});

test("[PE5] [PE6] the roster of a day shows each shift with its gaps, who is in two places and who is in no list", async () => {
  const { isKeeper, shifts } = await roster();
  expect(isKeeper).toBe(true);
  expect(
    shifts.map(({ shift, people, findings }) => [shift, people, findings.map(({ kind, station, worker }) => [kind, station ?? worker])]),
  ).toEqual([
    [
      "Early",
      2,
      [
        ["uncovered", "S10"],
        ["expired", "S10"],
        ["emptyPlace", "S30"],
        ["twoStations", "S10"],
      ],
    ],
    [
      "Late",
      2,
      [
        ["uncovered", "S10"],
        ["unknownWorker", "P88"],
      ],
    ],
  ]);
  expect(shifts[0]!.findings[0]).toMatchObject({ needed: 2, have: 1, skill: "operate S10", level: 2 });
  expect(shifts[0]!.places[0]).toMatchObject({ worker: "P1", name: "Abrecht, Ada", isMe: false });
});

test("[PE1] [PE2] the matrix has skills, who has them until when, and which stations need them", async () => {
  const { skills, rows } = await matrix();
  expect(skills).toMatchObject([{ skill: "operate S10", people: 2, expiring: 1, expired: 1, stations: ["S10"] }]);
  expect(rows.map(({ worker, cells }) => [worker, cells.map(({ validity }) => validity)])).toEqual([
    ["P1", ["expiring"]],
    ["P2", ["expired"]],
    ["P3", ["valid"]],
  ]);
  await calls.storeSkill(eva, { params: { skill: "operate S10" }, query: {}, body: { title: { en: "Welding", zh: "焊接" } } });
  await calls.storeQualification(eva, {
    query: {},
    body: { worker: "P2", skill: "operate S10", level: 2, validUntil: "2027-06-30", evidence: "course 12" },
  });
  expect((await matrix()).skills).toMatchObject([{ title: { en: "Welding" }, people: 3, expired: 0 }]);
  await expect(calls.storeQualification(eva, { query: {}, body: { worker: "P2", skill: "none", level: 2 } })).rejects.toMatchObject({
    code: "DW_NOT_FOUND",
  });
  await expect(
    calls.storeQualification(eva, {
      query: {},
      body: { worker: "P2", skill: "operate S10", level: 2, validFrom: "2027-01-01", validUntil: "2026-01-01" },
    }),
  ).rejects.toMatchObject({ code: "DW_INVALID" });
  await expect(calls.storeRequirement(otto, { query: {}, body: { station: "S10", skill: "operate S10" } })).rejects.toMatchObject({
    code: "DW_FORBIDDEN",
  });
});

test("[PE8] skills, levels and working time of others are shown to who keeps the roster alone; on a fork too, and on a roster everybody sees who works where", async () => {
  await calls.storeWorker(eva, { params: { worker: "P3" }, body: { name: "Ilves, Cem", team: "B", account: "person:otto" } });
  const own = await matrix(otto);
  expect(own).toMatchObject({ isKeeper: false, withheld: 2, rows: [{ worker: "P3", isMe: true }] });
  const { id: fork } = await otto.fork("look");
  expect(await calls.skills(otto, { query: { date: DATE, branch: fork } })).toMatchObject({ isKeeper: false, withheld: 2 });
  const seen = await roster(otto);
  expect(seen.shifts[0]!.findings.map(({ kind }) => kind)).toEqual(["emptyPlace"]);
  expect(seen.shifts[0]!.places.map(({ name }) => name)).toContain("Abrecht, Ada");
  expect(JSON.stringify([seen, await roster()])).not.toContain("sick");
  expect((await calls.workers(otto)).workers.map(({ worker }) => worker)).toEqual(["P3"]);
  const list = await otto.requester.json<{ readonly rows: number; readonly id: string }[]>("GET", "/lists");
  expect(list.find(({ id }) => id === "qualifications")?.rows).toBe(1);
  expect(await calls.own(otto)).toMatchObject({
    worker: "P3",
    qualifications: [{ skill: "operate S10" }],
    shifts: [{ shift: "Late", station: "S10" }],
  });
  expect(await calls.own(ada)).toEqual({ qualifications: [], shifts: [], hints: [] });
});

test("[PE4] [PE7] a newer edition of a file replaces the shifts, an older one does not; what was known before is there at its instant", async () => {
  const before = site.now();
  await new Promise((resolve) => setTimeout(resolve, 5));
  put(`roster-${DATE}-v3.csv`, [HEAD, row("Early", "S10", "P1"), row("Early", "S10", "P3")]);
  await expect.poll(async () => (await roster()).shifts.map(({ shift, edition }) => [shift, edition]), WAIT).toEqual([["Early", 3]]);
  expect((await roster()).shifts[0]!.findings).toEqual([]);
  put(`roster-${DATE}-v2.csv`, [HEAD, row("Early", "S10", "P2")]);
  await expect
    .poll(async () => (await source()).faults.map(({ where, reason }) => [where, reason.code]), WAIT)
    .toContainEqual([`roster-${DATE}-v2.csv:1`, "personnel.fault.outdated"]);
  expect((await roster()).shifts[0]!.edition).toBe(3);
  expect((await roster(eva, { t: before })).shifts.map(({ shift, edition }) => [shift, edition])).toEqual([
    ["Early", 1],
    ["Late", 1],
  ]);
});

test("[PE7] a roster that is changed on a branch is another one there alone, and two who change one shift do not overwrite each other", async () => {
  const { id: fork } = await eva.fork("more people");
  const known = (await roster()).shifts[0]!.fields!;
  const body = {
    fields: { from: known.from, to: known.to, edition: known.edition, places: [...known.places, { station: "S40", worker: "P2" }] },
  };
  await calls.storeShift(eva, { params: { date: DATE, shift: "Early" }, query: { branch: fork }, body: { ...body, expected: 3 } });
  expect((await roster(eva, { branch: fork })).shifts[0]).toMatchObject({ people: 3, edition: 4 });
  expect((await roster()).shifts[0]).toMatchObject({ people: 2, edition: 3 });
  await expect(
    calls.storeShift(eva, { params: { date: DATE, shift: "Early" }, query: { branch: fork }, body: { ...body, expected: 3 } }),
  ).rejects.toMatchObject({ code: "DW_CONFLICT" });
});

test("[PE3] skills, requirements and the roster go out as lists and come in again with a finding for each row that is wrong", async () => {
  const known = await eva.requester.json<readonly { readonly id: string }[]>("GET", "/lists");
  expect(known.map(({ id }) => id)).toEqual(expect.arrayContaining(["skills", "qualifications", "stationSkills", "roster"]));
  const { origin, close: end } = await serveAs(site, { id: "person:eva", name: "eva", verified: true, roles: ["engineer"] });
  closes.push(end);
  const ask = async (id: string, what: "preview" | "rows", text: string): Promise<unknown> => {
    const response = await fetch(`${origin}/api/doppelwerk/v1/lists/${id}/${what}?name=x.csv`, {
      method: "POST",
      headers: { "content-type": "application/octet-stream" },
      body: new TextEncoder().encode(text),
    });
    return await response.json();
  };
  const rows =
    "key,worker,skill,level,validUntil\nP1 operate S10,P1,operate S10,4,2027-12-31\nP9 operate S10,P9,operate S10,2,2027-12-31\n";
  expect(await ask("qualifications", "preview", rows)).toMatchObject({
    changed: [{ key: "P1 operate S10" }],
    findings: [{ line: 3, isFault: true, column: "worker" }],
  });
  expect(await ask("qualifications", "rows", rows.split("\n").slice(0, 2).join("\n"))).toEqual({ created: 0, changed: 1 });
  expect((await matrix()).rows[0]!.cells[0]).toMatchObject({ level: 4, validity: "valid" });
  const place = `key,worker\n${DATE} Early 2,P2\n`;
  expect(await ask("roster", "rows", place)).toEqual({ created: 0, changed: 1 });
  expect((await roster()).shifts[0]!.places.map(({ worker }) => worker)).toEqual(["P1", "P2"]);
});

test("[PE4] a source keeps what it has read over a restart; a folder that the server may not read is refused with a reason", async () => {
  const { files } = await source();
  await close();
  await open();
  await expect.poll(async () => (await source()).state, WAIT).toBe("connected");
  expect((await source()).files).toBe(files);
  const { id } = await calls.addSource(ada, { body: { fields: { name: "Other", path: "/etc", intervalS: 1 } } });
  const other = async () => (await calls.sources(ada)).find((each) => each.id === id);
  await expect.poll(async () => (await other())?.state, WAIT).toBe("failing");
  expect((await other())?.reason).toMatchObject({ code: "personnel.fault.folder" });
  await calls.removeSource(ada, { params: { source: id } });
  expect(await other()).toBeUndefined();
});

test("[PE9] [level: faults] an erased worker is gone from skills, rosters and the file of names, and no file brings the person back", async () => {
  expect(await calls.eraseWorker(eva, { params: { worker: "P2" } })).toEqual({ documents: 2 });
  expect((await matrix()).rows.map(({ worker }) => worker)).toEqual(["P1", "P3"]);
  expect((await roster()).shifts[0]!.places.map(({ worker }) => worker)).toEqual(["P1", undefined]);
  put("people.csv", ["person,name,team", 'P1,"Abrecht, Ada",A', 'P2,"Quist, Bo",A', 'P3,"Ilves, Cem",B', 'P4,"Tarnow, Lian",B']);
  put(`roster-${DATE}-v5.csv`, [HEAD, row("Early", "S10", "P1"), row("Early", "S10", "P2")]);
  await expect.poll(async () => (await roster()).shifts[0]!.edition, WAIT).toBe(5);
  expect((await calls.workers(eva)).workers.map(({ worker }) => worker)).toEqual(["P1", "P3", "P4"]);
  expect((await roster()).shifts[0]!.places.map(({ worker }) => worker)).toEqual(["P1", undefined]);
  await expect(calls.eraseWorker(eva, { params: { worker: "P2" } })).rejects.toMatchObject({ code: "DW_NOT_FOUND" });
});

test("[PE8] [PE9] the export of a person has number, name, skills and shifts, and an erasure of the person takes them out of all of it", async () => {
  put(`roster-${DATE}-v7.csv`, [HEAD, row("Early", "S10", "P3")]);
  await expect.poll(async () => (await roster()).shifts[0]!.edition, WAIT).toBe(7);
  const exported = await otto.requester.json<{ readonly worlds: readonly { readonly kept: readonly object[] }[] }>(
    "GET",
    "/privacy/person",
  );
  expect(exported.worlds[0]!.kept).toContainEqual(
    expect.objectContaining({
      feature: "personnel",
      worker: "P3",
      name: "Ilves, Cem",
      qualifications: [expect.objectContaining({ skill: "operate S10" })],
      shifts: [expect.objectContaining({ date: DATE, station: "S10" })],
    }),
  );
  await otto.requester.json("POST", "/privacy/person/erasure", { body: { texts: "keep" } });
  expect((await calls.workers(eva)).workers.map(({ worker }) => worker)).not.toContain("P3");
  expect((await matrix()).rows.map(({ worker }) => worker)).not.toContain("P3");
  expect((await roster()).shifts[0]!.places.map(({ worker }) => worker)).toEqual([undefined]);
});
