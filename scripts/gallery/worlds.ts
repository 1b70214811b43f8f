import { readFile } from "@doppelwerk/aas";
import type { Client } from "@doppelwerk/client";
import { clientOf, eventually } from "../../e2e/running-site.ts";
import { longName, withLongNames } from "./long-names.ts";
import type { Subjects } from "./screens.ts";

const API = "/api/doppelwerk/v1";
/** Worlds beside the default one, which is the normal plant. */
const EMPTY = "pictures-empty";
const FLOOD = "pictures-flood";
/** So many rules of the flood are in alarm at once. */
const FLOOD_RULES = 60;

const BRANCHES = ["seventh leak-test place", longName("More places at the leak test", "en")] as const;
const TEXT = "The leak test holds the line.";

/** What there is to see in each state; that of loading and error is the normal world. */
export interface GalleryWorlds {
  readonly normal: Subjects;
  readonly empty: Subjects;
  readonly flood: Subjects;
  /** Names and texts that were written here: they are the same in every language. */
  readonly written: readonly string[];
}

/** Makes the worlds that are missing on a running server, and waits until they have something to show. */
export async function prepareWorlds(url: string): Promise<GalleryWorlds> {
  const ada = clientOf(url, "Ada Fischer");
  const existing = new Set((await ada.worlds()).map(({ name }) => name));
  if (!existing.has(EMPTY)) await ada.createWorld({ name: EMPTY, title: "Empty" });
  if (!existing.has(FLOOD)) {
    await ada.createWorld({ name: FLOOD, title: longName("Flood", "en") });
    await importLongPlant(url);
    await raiseAll(url);
  }
  const flood = ofWorld(url, FLOOD);
  return {
    normal: await subjectsOf(ada, url, undefined, BRANCHES[0]),
    empty: { world: EMPTY },
    flood: { ...(await subjectsOf(flood, url, FLOOD, BRANCHES[1])), world: FLOOD },
    written: [...BRANCHES, TEXT, longName("Flood", "en"), "Ada Fischer", "Bo Lindqvist"],
  };
}

const ofWorld = (url: string, world: string): Client => clientOf(url, "Ada Fischer", WebSocket, world);

/** The plant of the default world once more, with long names, read from the same sockets. */
async function importLongPlant(url: string): Promise<void> {
  const answer = await fetch(`${url}/api/v3/serialization?includeConceptDescriptions=true`, { headers: { accept: "application/json" } });
  const { environment } = readFile(new Uint8Array(await answer.arrayBuffer()));
  const body = JSON.stringify(withLongNames(environment));
  const imported = await fetch(`${url}${API}/worlds/${FLOOD}/import?name=plant.json&connect=true`, {
    method: "POST",
    headers: { "content-type": "application/octet-stream" },
    body,
  });
  if (!imported.ok) throw new Error(`the plant of the flood: ${imported.status} ${await imported.text()}`);
  const client = ofWorld(url, FLOOD);
  await eventually(async () => (await client.lines()).length > 0 || undefined, "the line of the flood is there", 180);
  await eventually(
    async () => (await client.snapshot()).stations.some(({ state }) => state !== "unknown") || undefined,
    "the line of the flood tells its state",
    180,
  );
}

/** An alarm rule as the API has it; without the feature there are none. */
interface AlarmRule {
  readonly id: string;
  readonly fields: {
    readonly title: { readonly en: string; readonly zh: string };
    readonly condition: { readonly kind: string };
    readonly [field: string]: unknown;
  };
}

/** Stores rules that are in alarm whatever the plant does. */
async function raiseAll(url: string): Promise<void> {
  const { requester } = ofWorld(url, FLOOD);
  const rules = await requester.json<readonly AlarmRule[]>("GET", "/alarm-rules");
  const always = rules.flatMap(({ id, fields }) => {
    const condition = alwaysTrue(fields.condition);
    return condition === undefined ? [] : [{ id, fields: { ...fields, condition } }];
  });
  for (const { id, fields } of always.slice(0, FLOOD_RULES)) {
    const title = { en: longName(fields.title.en, "en"), zh: longName(fields.title.zh, "zh") };
    const body = { fields: { ...fields, title, onDelayS: 0, suppressedIn: [] } };
    await requester.json("PUT", `/alarm-rules/${encodeURIComponent(id)}`, { body });
  }
}

function alwaysTrue(condition: { readonly kind: string }): object | undefined {
  if (condition.kind === "high") return { ...condition, limit: -1e6 };
  if (condition.kind === "low") return { ...condition, limit: 1e6 };
  if (condition.kind === "state") return { ...condition, states: ["working", "idle", "starved", "blocked", "failed"] };
  return undefined;
}

/** A branch with its forecast and its merge request, and where the details of pages are. */
async function subjectsOf(client: Client, url: string, world: string | undefined, name: string): Promise<Subjects> {
  const { id: branch } = (await client.branches()).find((each) => each.name === name) ?? (await client.fork(name));
  const run = (await client.runs(branch))[0]?.id ?? (await client.run(branch, { kind: "forecast", seed: 1, replications: 10 })).id;
  await eventually(
    async () => {
      const { run: summary } = await client.runResult(run);
      if (summary.state === "failed") throw new Error(summary.message);
      return summary.state === "done" || undefined;
    },
    "the forecast is done",
    300,
  );
  const requests = await client.mergeRequests();
  const request = requests[0]?.id ?? (await requested(client, branch, run, name));
  const base = `${url}${API}${world === undefined ? "" : `/worlds/${world}`}`;
  const { places } = (await (await fetch(`${base}/places`)).json()) as {
    readonly places: readonly { readonly id: string; readonly kind: string; readonly shell: string }[];
  };
  const [line] = await client.lines();
  const place = places.find(({ kind }) => kind === "area") ?? places[0];
  return {
    branch,
    run,
    request,
    ...(place !== undefined && { place: place.id, shell: Buffer.from(place.shell).toString("base64url") }),
    ...(line?.stations[0] !== undefined && { station: line.stations[Math.min(8, line.stations.length - 1)]!.id }),
  };
}

async function requested(client: Client, branch: string, run: string, title: string): Promise<string> {
  const factor = (await client.factors(branch)).find(({ key, value }) => key.endsWith("NumberOfPlaces") && typeof value === "number");
  if (factor === undefined) throw new Error("the line has no factor to change");
  const session = client.live({ branch });
  await eventually(() => session.state().kind === "online" || undefined, "the live session is online");
  await session.push(branch, title, [
    { op: "update", id: factor.element, fields: { value: { from: String(factor.value), to: String(Number(factor.value) + 1) } } },
  ]);
  session.close();
  const planned = { owner: "Maintenance", effectiveFrom: "2027-01-15", action: title };
  return (await client.propose({ branch, title, text: TEXT, runs: [run], planned })).id;
}
