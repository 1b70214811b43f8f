import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EndpointOptions } from "@doppelwerk/kit";
import { createSiteApp, SYSTEM } from "@doppelwerk/server/site";
import { LIVE } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accountsContract } from "../../../packages/server/src/compose/register-routes.ts";
import { describedEndpoints } from "../../../packages/server/src/routes/mount-features.ts";
import { inventoryOf, type KeptData } from "../../../packages/server/src/privacy/inventory.ts";
import { asSeenBy, callAs, openAttackedPlant, type AttackedPlant, type Call, type Person } from "./attack-plant.fixture.ts";
import { operationsOf, requestOf, type Operation } from "./attack-operations.fixture.ts";
import type { Schemas } from "./attack-values.fixture.ts";
import { productFeatures } from "./features.ts";
import { filesWith } from "./folder-texts.fixture.ts";

// One person does everything that the product offers; then every octet of the folder is searched for him. It grows with every contract: a feature that
// keeps who did something without declaring it fails here.

/** Found nowhere by chance. */
const MARKED: Person = { id: "person:zqmarked7751", name: "Zqname Markerson", verified: true, roles: ["administrator"], secrets: [] };
const ERASES = /^POST \/privacy\/.*erasure$/;
const folder = mkdtempSync(join(tmpdir(), "doppelwerk-personal-"));
const data = join(folder, "data");
const inventory = inventoryOf(productFeatures.map(({ feature }) => feature));
let plant: AttackedPlant;
let call: Call;
let operations: readonly Operation[];
let schemas: Schemas;
/** What was done, by its answer. */
const done: string[] = [];
const answers: { readonly name: string; readonly text: string }[] = [];

beforeAll(async () => {
  plant = await openAttackedPlant(data);
  plant.site.accounts.remember(MARKED.id, MARKED.name);
  call = callAs(await createSiteApp(asSeenBy(plant.site, MARKED)));
  ({ operations, schemas } = operationsOf((await call("GET", "/openapi.json")).json));
  const asked = operations.filter(({ isStream, name }) => !isStream && !ERASES.test(name));
  // reads last: they see what was written
  for (const operation of asked.toSorted((a, b) => Number(a.method === "GET") - Number(b.method === "GET"))) {
    const { method, url, body } = requestOf(plant, operation, schemas);
    const { status, text } = await call(method, url, body);
    if (status < 300) done.push(operation.name);
    if (status < 300 && method === "GET") answers.push({ name: operation.name, text });
  }
});
afterAll(async () => {
  await call?.close();
  await plant?.site.close().catch(() => {
    // closed by the test
  });
  rmSync(folder, { recursive: true, force: true });
});

/** Kinds of the documents, types of the events and kinds of the jobs that name him. */
async function keptOf(): Promise<readonly string[]> {
  const view = plant.site.view(SYSTEM);
  const kept = new Set<string>();
  for await (const { branch, changes } of plant.site.logAfter(view, 0))
    for (const change of changes) {
      if (!JSON.stringify(change).includes(MARKED.id)) continue;
      const kind = change.op === "update" ? view.reader(branch).get(change.id)?.kind : change.record.kind;
      kept.add(`documents ${kind ?? change.op}`);
    }
  let cursor: string | undefined;
  do {
    const page = await view.events.query({ branch: LIVE, limit: 1_000, ...(cursor !== undefined && { cursor }) });
    for (const event of page.events) if (JSON.stringify(event).includes(MARKED.id)) kept.add(`events ${event.type}`);
    cursor = page.next;
  } while (cursor !== undefined);
  for (const { by, kind } of await plant.site.jobs.list()) if (by === MARKED.id) kept.add(`jobs ${kind}`);
  return [...kept].sort();
}

const places = inventory.flatMap((line) => line.places);

function isDeclared(kept: string): boolean {
  const [kind, name] = kept.split(" ") as [KeptData["places"][number]["kind"], string];
  return places.some(
    (place) =>
      place.kind === kind &&
      ((place.kind === "documents" && place.record === name) ||
        (place.kind === "events" && place.type === name) ||
        (place.kind === "jobs" && place.job === name)),
  );
}

/** Files that the inventory names, as their paths begin. */
const files = places.flatMap((place) => {
  if (place.kind === "file") return [place.path];
  if (place.kind === "journal") return [`${place.journal}.jsonl`];
  if (place.kind === "events") return ["events", "derived/folds"];
  return place.kind === "jobs" ? ["jobs"] : [];
});

test("[SV274] an operation that names people in its answer says as what: none gives figures of people by the way", () => {
  const contracts: readonly EndpointOptions[] = [...describedEndpoints(productFeatures.map(({ feature }) => feature)), ...accountsContract];
  const declared = new Map(contracts.map((one) => [one.route as string, one.people?.as]));
  const naming = answers.filter(({ text }) => text.includes(MARKED.id) || text.includes(MARKED.name)).map(({ name }) => name);
  expect(naming.length).toBeGreaterThan(3);
  expect(naming.filter((name) => declared.get(name) === undefined)).toEqual([]);
});

test("[SV272] whatever keeps the id of a person declares it: documents, events and jobs by their kinds, files by their names; nothing keeps a name", async () => {
  expect(done.length).toBeGreaterThan(100);
  const kept = await keptOf();
  expect(kept.length).toBeGreaterThan(3);
  expect(kept.filter((one) => !isDeclared(one))).toEqual([]);
  await call.close();
  await plant.site.close();
  expect(filesWith(data, MARKED.name)).toEqual(["people.json"]);
  expect(filesWith(data, MARKED.id).filter((file) => !files.some((path) => file === path || file.startsWith(`${path}/`)))).toEqual([]);
});
