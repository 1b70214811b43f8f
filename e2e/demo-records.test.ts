import { afterAll, beforeAll, expect, test } from "vitest";
import { addDemoRecords } from "../scripts/demo-records.ts";
import { eventually, startSite, type RunningSite } from "./running-site.ts";

let site: RunningSite;

beforeAll(async () => {
  site = await startSite({ minimal: true });
}, 300_000);
afterAll(() => site?.stop());

test("[DP32] records of the demonstration that a killed start left half done are carried on, and made once", async () => {
  const engineer = site.client("Zhang Wei (demonstration)");
  const line = await eventually(async () => (await engineer.lines()).at(-1), "the line is there");
  const factors = await eventually(async () => {
    const known = await engineer.factors("live", { line: line.id });
    return known.length > 0 ? known : undefined;
  }, "its factors are there");
  const buffer = factors.findLast(({ key }) => key.endsWith("/BufferCapacity") && !/^S(090|130)\//.test(key))!;
  // killed after the fork
  const left = await engineer.fork(`Buffer ${buffer.station} (demonstration)`);
  await addDemoRecords(site.url);
  await addDemoRecords(site.url);
  const requests = await engineer.mergeRequests();
  expect(requests.map(({ branch, status }) => [branch, status])).toEqual([[left.id, "merged"]]);
  expect(await engineer.requester.json<readonly unknown[]>("GET", "/entries")).toHaveLength(4);
}, 120_000);
