import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { validate } from "@doppelwerk/aas";
import { createSiteApp, SYSTEM } from "@doppelwerk/server/site";
import { LIVE, type ElementRecord, type SignalRecord } from "@doppelwerk/world";
import { afterAll, expect, test } from "vitest";
import { openProduct, serveAs } from "../../../../apps/doppelwerk/src/site-of-product.fixture.ts";
import type { AssetProposal, PlantValues } from "../../contract.ts";

const stops: (() => unknown)[] = [];
afterAll(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

// oxlint-disable-next-line no-explicit-any -- an answer has no type before it is judged
type Answer = { readonly status: number; readonly body: any };

const CHAMBERS = ["Kammer Nord", "Kammer Süd", "Kammer Ost"];

/** A plant whose names mean nothing to anybody: three chambers alike, one value of all. Its values come by push. */
async function aPlant() {
  const folder = mkdtempSync(join(tmpdir(), "doppelwerk-made-"));
  stops.push(() => rmSync(folder, { recursive: true, force: true }));
  const site = await openProduct(folder);
  stops.push(() => site.close());
  const app = await createSiteApp(site);
  stops.push(() => app.close());
  const origin = await app.listen({ port: 0, host: "127.0.0.1" });
  const own = async (method: string, path: string, body?: object, as = "anna"): Promise<Answer> => {
    const answer = await fetch(`${origin}/api/doppelwerk/v1${path}`, {
      method,
      headers: {
        "doppelwerk-person": `secret of ${as}`,
        "doppelwerk-name": as,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === "" ? undefined : JSON.parse(text) };
  };
  const signal = (path: readonly string[], valueType: SignalRecord["valueType"], connection = "connection:kiln"): SignalRecord => ({
    id: `signal:${connection}:${path.join("/")}`,
    kind: "signal",
    name: path.slice(-3).join("."),
    valueType,
    address: path.join("/"),
    connection,
    path,
  });
  const signals = [
    ...CHAMBERS.flatMap((chamber) => [
      signal(["Objects", chamber, "W17"], "double"),
      signal(["Objects", chamber, "Z4"], "integer"),
      signal(["Objects", chamber, "M"], "string"),
    ]),
    signal(["Objects", "Strom"], "double"),
    signal(["Andere", "W17"], "double", "connection:other"),
  ];
  const connection = (id: string, name: string) => ({ id, kind: "connection", name, protocol: "push", url: `push:${name}`, enabled: true });
  await site.view(SYSTEM).apply({
    branch: LIVE,
    reason: "connected",
    changes: [connection("connection:kiln", "Brennhaus"), connection("connection:other", "Andere"), ...signals].map((record) => ({
      op: "create",
      record,
    })),
  });
  const valuesOf = async (): Promise<PlantValues> => (await own("GET", "/plant-values")).body;
  const like = (...ids: readonly string[]) => own("POST", "/assets/like", { signals: ids });
  const records = <Kind>(kind: string) => site.view(SYSTEM).reader(LIVE).query({ kind }) as unknown as readonly Kind[];
  return { site, own, valuesOf, like, records, written: () => records("shell").length };
}

const NORD = ["W17", "Z4", "M"].map((name) => `signal:connection:kiln:Objects/Kammer Nord/${name}`);

test("[AH1] values are listed by the folders of their source; those of signals connected by earlier versions by their names", async () => {
  const { site, valuesOf } = await aPlant();
  const { id } = { id: "signal:old" };
  await site.view(SYSTEM).apply({
    branch: LIVE,
    reason: "an earlier version",
    changes: [
      {
        op: "create",
        record: { id, kind: "signal", name: "Hall.ST010.Good", valueType: "integer", connection: "connection:kiln", address: "i=7" },
      },
    ],
  });
  const { values, connections, assets, more } = await valuesOf();
  expect(connections.map(({ name }) => name).toSorted()).toEqual(["Andere", "Brennhaus"]);
  expect([values.length, assets, more]).toEqual([12, [], 0]);
  expect(values.find(({ signal }) => signal === NORD[0])).toMatchObject({ path: ["Objects", "Kammer Nord", "W17"], valueType: "double" });
  expect(values.find(({ signal }) => signal === id)!.path).toEqual(["Hall", "ST010", "Good"]);
});

test("[AH2] [AH3] selected values are proposed with their like, nothing is written until they are made, and then each property shows its signal", async () => {
  const { own, like, records, valuesOf, site } = await aPlant();
  const before = records("shell").length;
  const { body: proposal } = (await like(...NORD)) as { readonly body: AssetProposal };
  expect(proposal).toMatchObject({ name: "Kammer Nord", columns: ["W17", "Z4", "M"], roles: [null, null, null], more: 0 });
  expect(proposal.like.map(({ name, signals }) => [name, signals.includes(null)])).toEqual([
    ["Kammer Ost", false],
    ["Kammer Süd", false],
  ]);
  expect(records("shell")).toHaveLength(before);
  const columns = [{ name: "Temperatur" }, { name: "Stück", role: "Good" }, { name: "Zustand", role: "VendorState" }];
  const assets = [{ name: proposal.name, signals: NORD }, ...proposal.like.map(({ name, signals }) => ({ name, signals }))];
  const made = await own("POST", "/assets", { columns, assets });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  expect(made.body.assets.map(({ idShort }: { idShort: string }) => idShort)).toEqual(["Kammer_Nord", "Kammer_Ost", "Kammer_Sued"]);
  const signals = records<SignalRecord>("signal");
  for (const { shell } of made.body.assets as { shell: string }[])
    expect(signals.filter((signal) => signal.shell === shell).map(({ role }) => role ?? "")).toHaveLength(3);
  const count = signals.find(({ id }) => id === NORD[1])!;
  expect(count).toMatchObject({ role: "Good", counter: { type: "totaliser" }, name: "Kammer_Nord.Good" });
  const element = records<ElementRecord>("element").find(({ id }) => id === count.element)!;
  expect(element).toMatchObject({ idShort: "Good", signal: count.id });
  expect((await valuesOf()).assets.map(({ name, values, isStation }) => [name.en, values, isStation])).toEqual([
    ["Kammer Nord", 3, false],
    ["Kammer Ost", 3, false],
    ["Kammer Süd", 3, false],
  ]);
  const { origin, close } = await serveAs(site, { id: "person:anna", name: "anna", verified: true, roles: ["administrator"] });
  const environment = (await (await fetch(`${origin}/api/v3/serialization`, { headers: { accept: "application/json" } })).json()) as object;
  expect(validate(environment)).toEqual([]);
  await close();
  // what belongs to an asset is not proposed for another
  expect((await like("signal:connection:kiln:Objects/Strom")).body.like).toEqual([]);
});

test("[AH3] what cannot be made is refused with the reason and changes nothing", async () => {
  const { own, like, written } = await aPlant();
  const at = written();
  const make = (columns: readonly object[], ...assets: readonly object[]) => own("POST", "/assets", { columns, assets });
  const one = [{ name: "a" }];
  expect((await make(one, { name: "A", signals: ["signal:none"] })).status).toBe(404);
  expect((await like("signal:none")).status).toBe(404);
  expect((await like(NORD[0]!, "signal:connection:other:Andere/W17")).status).toBe(400);
  for (const assets of [
    [
      { name: "A", signals: [NORD[0]] },
      { name: "B", signals: [NORD[0]] },
    ],
    [{ name: "A", signals: [NORD[0], NORD[1]] }],
    [{ name: "A", signals: [null] }],
    [{ name: " ", signals: [NORD[0]] }],
    [],
  ])
    expect((await make(one, ...assets)).status, JSON.stringify(assets)).toBe(400);
  expect(written()).toBe(at);
  expect((await make(one, { name: "A", signals: [NORD[0]] })).status).toBe(201);
  expect((await make(one, { name: "B", signals: [NORD[0]] })).status).toBe(409);
  // names that are taken, and names of other letters
  const { body } = await make([{ name: "温度" }], { name: "A", signals: [NORD[1]] }, { name: "窑 1", signals: [NORD[2]] });
  const idShorts = body.assets.map(({ idShort }: { idShort: string }) => idShort);
  expect(new Set([...idShorts, "A"]).size).toBe(3);
  for (const idShort of idShorts) expect(idShort).toMatch(/^[A-Za-z][\w-]+$/);
});

test("[AH3] [AH4] who may not edit makes nothing", async () => {
  const { site } = await aPlant();
  const viewer = await serveAs(site, { id: "person:v", name: "V", verified: true, roles: ["viewer"] });
  for (const path of ["/assets", "/lines"]) {
    const answer = await fetch(`${viewer.origin}/api/doppelwerk/v1${path}`, {
      method: "POST",
      body: "{}",
      headers: { "content-type": "application/json" },
    });
    expect(answer.status, path).toBe(403);
  }
  await viewer.close();
});

test("[AH4] assets become a line in their order with its counts and takt, and again what cannot be is refused", async () => {
  const { own, like, valuesOf } = await aPlant();
  const { body: proposal } = (await like(...NORD)) as { readonly body: AssetProposal };
  const columns = [{ name: "W17" }, { name: "Z4" }, { name: "M", role: "VendorState" }];
  const { body: made } = await own("POST", "/assets", {
    columns,
    assets: [{ name: proposal.name, signals: NORD }, ...proposal.like.map(({ name, signals }) => ({ name, signals }))],
  });
  const shells = (made.assets as { shell: string }[]).map(({ shell }) => shell);
  const line = (...stations: readonly object[]) => own("POST", "/lines", { name: "Brennlinie", stations, taktS: 90 });
  expect((await own("GET", "/line")).status).toBe(404);
  expect((await line({ shell: "urn:none" })).status).toBe(404);
  expect((await line({ shell: shells[0] }, { shell: shells[0] })).status).toBe(400);
  expect((await line({ shell: shells[1], good: NORD[1] })).status).toBe(400);
  expect((await line({ shell: shells[0], good: NORD[2] })).status).toBe(400);
  expect((await line()).status).toBe(400);
  const stations = [{ shell: shells[1] }, { shell: shells[0], good: NORD[1] }, { shell: shells[2] }];
  const shifts = [{ name: "Early", start: "06:00", end: "14:00", days: "Mon Tue" }];
  for (const wrong of [
    { constraint: "urn:none" },
    { timeZone: "Mars/Olympus" },
    { shifts: [{ ...shifts[0], start: "25:00" }] },
    { shifts: [{ ...shifts[0], days: "Lunes" }] },
  ])
    expect((await own("POST", "/lines", { name: "Brennlinie", stations, ...wrong })).status, JSON.stringify(wrong)).toBe(400);
  const answer = await own("POST", "/lines", {
    name: "Brennlinie",
    stations,
    taktS: 90,
    constraint: shells[0],
    shifts,
    timeZone: "Europe/Madrid",
  });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  await expect.poll(async () => (await own("GET", "/line")).status).toBe(200);
  const { body: shown } = await own("GET", "/line");
  expect(shown).toMatchObject({ name: { en: "Brennlinie" }, taktS: 90, constraint: "Kammer_Nord" });
  const [calendar] = (await own("GET", "/shift-calendars")).body;
  expect(calendar).toMatchObject({
    timeZone: "Europe/Madrid",
    fields: { shifts: [{ name: "Early", startMinute: 360, endMinute: 840, days: [1, 2] }] },
  });
  expect(shown.stations.map(({ id }: { id: string }) => id)).toEqual(["Kammer_Ost", "Kammer_Nord", "Kammer_Sued"]);
  expect(shown.stations[1].signals).toMatchObject({ Good: NORD[1], VendorState: NORD[2] });
  expect(shown.definition.flows).toMatchObject([
    { from: "Kammer_Ost", to: "Kammer_Nord" },
    { from: "Kammer_Nord", to: "Kammer_Sued" },
  ]);
  expect((await valuesOf()).assets.every(({ isStation }) => isStation)).toBe(true);
});

test("[AH2] a name that says what a value is, in German, Spanish or English, proposes its role; two of one role propose none", async () => {
  const { site, like } = await aPlant();
  const names = [
    ["Piezas_OK", "integer", "Good"],
    ["Piezas_NOK", "integer", "Reject"],
    ["Situación", "string", "VendorState"],
    ["Receta", "string", null],
    ["Vel_Cinta", "double", null],
  ] as const;
  const add = (folder: string, all: readonly (readonly [string, SignalRecord["valueType"], ...unknown[]])[]) =>
    site.view(SYSTEM).apply({
      branch: LIVE,
      reason: "more",
      changes: all.map(([name, valueType]) => ({
        op: "create",
        record: {
          id: `signal:${folder}/${name}`,
          kind: "signal",
          name,
          valueType,
          connection: "connection:kiln",
          address: `${folder}/${name}`,
          path: [folder, name],
        },
      })),
    });
  await add("Horno", names);
  const { body } = await like(...names.map(([name]) => `signal:Horno/${name}`));
  expect(body.roles).toEqual(names.map(([, , role]) => role));
  await add("Dos", [
    ["Estado", "integer"],
    ["Status", "integer"],
  ]);
  expect((await like("signal:Dos/Estado", "signal:Dos/Status")).body.roles).toEqual([null, null]);
});
