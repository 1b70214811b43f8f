import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync, inflateSync } from "node:zlib";
import { kpiInstance } from "@doppelwerk/operations";
import { lineFlow, type ShiftFiguresValue } from "@doppelwerk/ports";
import { createSiteApp, type HostedWorld } from "@doppelwerk/server/site";
import { definitionHash, type FoldState } from "@doppelwerk/world";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openProduct } from "../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { bringHours } from "./hourly-plant.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-kpis-world-"));
const host = "127.0.0.1:8420";
const WAIT = { timeout: 60_000 };
let site: HostedWorld;
let app: Awaited<ReturnType<typeof createSiteApp>>;

async function open(): Promise<void> {
  site = await openProduct(folder);
  app = await createSiteApp(site);
}
async function close(): Promise<void> {
  await app.close();
  await site.close();
}
beforeAll(open);
afterAll(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

const ask = (path: string) => app.inject({ url: `/api/doppelwerk/v1${path}`, headers: { host } });
/** Shifts that were over before what was brought ended. */
let over = 0;
async function closedShifts(): Promise<readonly ShiftFiguresValue[]> {
  const answer = await ask("/shifts");
  return answer.statusCode === 200 ? (answer.json() as ShiftFiguresValue[]).filter(({ to }) => to < over) : [];
}
let figures: readonly ShiftFiguresValue[];

test("[KP10] figures of a line are those of its fold: over the past, after a restart, and when everything is derived again", async () => {
  over = await bringHours(site);
  const produced = async () => (await closedShifts()).map((shift) => shift.produced);
  await expect.poll(async () => (await produced()).filter((parts) => parts === 60).length, WAIT).toBeGreaterThanOrEqual(2);
  figures = await closedShifts();
  const full = figures.find((shift) => shift.produced === 60)!;
  expect(full).toMatchObject({ constraint: "S90", actualProductionS: 3_000, plannedBusyS: 3_600, qualityRatio: 0.9 });
  expect((await ask(`/kpis?from=${full.from}&to=${full.to}`)).json()).toMatchObject({ shifts: 1, produced: 60, oee: full.oee });
  await close();
  await open();
  await expect.poll(closedShifts, WAIT).toEqual(figures);
  await close();
  rmSync(join(folder, "derived", "folds"), { recursive: true });
  await open();
  await expect.poll(closedShifts, WAIT).toEqual(figures);
});

test("[KP11] switched off, shifts have no figures; on again those of the time between are derived", async () => {
  const switching = (on: boolean) =>
    app.inject({ method: "PUT", url: "/api/doppelwerk/v1/features/kpis", headers: { host }, payload: { on } });
  expect((await switching(false)).json().switched).toEqual(["kpis"]);
  expect([(await ask("/shifts")).json(), (await ask("/kpis?from=1&to=2")).statusCode]).toEqual([[], 404]);
  await switching(true);
  await expect.poll(closedShifts, WAIT).toEqual(figures);
});

test("[KP10] figures that an earlier version concluded are derived again, in a data folder where the states of the line held them too; the line goes on", async () => {
  const [line] = await site.features.port(lineFlow).folded();
  const before = definitionHash({ id: "kpis", version: 1 }, kpiInstance(line!.definition)).slice(0, 24);
  const states = join(folder, "derived", "folds");
  const read = (name: string) => JSON.parse(inflateSync(readFileSync(join(states, name))).toString("utf8")) as FoldState;
  for (const isOfLine of [false, true]) {
    await close();
    const files = readdirSync(states).map((name) => ({ name, at: name.split("-")[1]!, state: read(name) }));
    const isKpis = ({ state }: FoldState): boolean => "shifts" in (state as object);
    const wrong = (state: unknown) => JSON.parse(JSON.stringify(state).replaceAll('"produced":60', '"produced":61')) as unknown;
    for (const { name, at, state } of files) {
      if (isKpis(state)) {
        rmSync(join(states, name));
        if (!isOfLine) writeFileSync(join(states, `${before}-${at}`), deflateSync(JSON.stringify({ ...state, state: wrong(state.state) })));
      } else if (isOfLine && "tracker" in (state.state as object)) {
        const kpis = files.find((file) => file.at === at && isKpis(file.state));
        const held = { ...(state.state as object), kpis: wrong(kpis?.state.state ?? {}) };
        writeFileSync(join(states, name), deflateSync(JSON.stringify({ ...state, version: 1, state: held })));
      }
    }
    const ofLine = files.filter(({ state }) => "tracker" in (state.state as object)).map(({ name }) => name);
    expect(ofLine.length).toBeGreaterThan(0);
    await open();
    await expect.poll(closedShifts, WAIT).toEqual(figures);
    expect(readdirSync(states)).toEqual(expect.arrayContaining(ofLine));
  }
});
