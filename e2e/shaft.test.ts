import { afterAll, beforeAll, expect, test } from "vitest";
import { encodeId } from "@doppelwerk/aas";
import type { Browser, Page } from "playwright-core";
import { eventually, startBrowser, startSite } from "./running-site.ts";
import type { RunningSite } from "./running-site.ts";

// One OPC UA value → browser → rewind → fork → run → compare → merge request → approve → AAS GET: through every floor of the house, on real sockets.
let site: RunningSite;
let browser: Browser;

beforeAll(async () => {
  [site, browser] = await Promise.all([startSite({ minimal: true }), startBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

async function enter(name: string, path = "/"): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.goto(`${site.url}${path}`);
  await page.getByLabel("Your name").fill(name);
  await page.getByRole("button", { name: "Enter" }).click();
  return page;
}

test("[E1] one shaft: a value of the plant is seen, rewound, forked, simulated, compared, proposed, approved by another and read back over the AAS API", async () => {
  const ada = site.client("Ada");
  const bo = site.client("Bo");

  // The plant's value arrives: OPC UA server → connector process → world → room → browser.
  const line = await eventually(async () => {
    const info = await ada.line();
    return info.stations.length >= 3 ? info : undefined;
  }, "the line is read from the engineering file");
  const constraint = line.stations.find((station) => station.constraint) ?? line.stations[1]!;
  const live = await eventually(async () => {
    const snapshot = await ada.snapshot();
    const station = snapshot.stations.find(({ id }) => id === constraint.id);
    return station && station.state !== "unknown" && (snapshot.shift?.good ?? 0) > 20 ? snapshot : undefined;
  }, "the constraint tells its state, and the past of the shift is folded");
  expect(live.live).toBe(true);

  const page = await enter("Ada");
  await page.getByText(constraint.id, { exact: true }).first().waitFor();

  // Rewind: ten minutes ago the line stood elsewhere, and every part of the picture is of that instant.
  const then = live.instant - 10 * 60_000_000;
  const past = await eventually(async () => {
    const snapshot = await ada.snapshot(then);
    return snapshot.stations.some(({ state }) => state !== "unknown") ? snapshot : undefined;
  }, "the past is there");
  expect(past.instant).toBe(then);
  expect(past.live).toBe(false);
  expect(past.shift?.good ?? 0).toBeLessThanOrEqual(live.shift?.good ?? Number.POSITIVE_INFINITY);

  // Fork here, change one property, run both sides on the same random numbers.
  const branch = await ada.fork("one place more", then);
  const factor = (await ada.factors(branch.id)).find(({ key }) => key === `${constraint.id}/NumberOfPlaces`)!;
  const session = ada.live({ branch: branch.id });
  await eventually(() => (session.state().kind === "online" ? true : undefined), "the live session is online");
  await session.push(branch.id, "one place more", [
    { op: "update", id: factor.element, fields: { value: { from: String(factor.value), to: String(factor.value + 1) } } },
  ]);
  const summary = await ada.run(branch.id, { kind: "study", seed: 1, replications: 5, shifts: 2 });
  const result = await eventually(async () => {
    const answer = await ada.runResult(summary.id);
    if (answer.run.state === "failed") throw new Error(answer.run.message);
    return answer.run.state === "done" ? answer : undefined;
  }, "the run is done");
  const throughput = result.kpis.find(({ key }) => key === "throughput")!;
  expect(throughput.branch.mean).toBeGreaterThan(0);
  expect(throughput.live.predictionHigh - throughput.live.predictionLow).toBeGreaterThan(0);
  expect(["better", "worse", "no evidence"]).toContain(throughput.verdict);

  // Propose; the author cannot approve; another can; the live documents change by one revision, as planned.
  const planned = { owner: "Maintenance", effectiveFrom: "2026-12-01", action: "install one more place" };
  const request = await ada.propose({ branch: branch.id, title: "One place more", text: "See the run.", runs: [summary.id], planned });
  await expect(ada.approve(request.id)).rejects.toMatchObject({ code: "DW_SAME_PERSON" });
  await bo.comment(request.id, "Looks right.");
  await bo.approve(request.id);
  const before = (await ada.world()).revision;
  const merged = await bo.merge(request.id);
  expect(merged.status).toBe("merged");
  expect((await ada.world()).revision).toBe(before + 1);
  expect((await ada.mergeRequest(request.id)).merged).toMatchObject({ revision: before + 1, name: "Bo" });

  // Any AAS client reads the plan; as-is stays until it is confirmed, and nothing was written to a machine.
  const card = await ada.shellCard(encodeId(constraint.shell));
  const property = card.properties.find(({ path }) => path.endsWith("NumberOfPlaces"))!;
  expect(property.value).toBe(String(factor.value));
  expect(card.installed?.from, "a machine with a serial stands in the place").toBeGreaterThan(0);
  expect(card.nameplate.map(({ value }) => value)).toContain("Drägermann");
  // Unit and names come from the concept that the property names.
  expect(card.properties.find(({ path }) => path.endsWith("IdealCycleTime"))).toMatchObject({ unit: "s", label: { zh: "理想节拍" } });
  expect(property.planned).toMatchObject({ value: String(factor.value + 1), owner: "Maintenance", effectiveFrom: "2026-12-01" });
  const submodel = card.submodels.find(({ idShort }) => idShort === "Station")!;
  const element = (await (await fetch(`${site.url}${submodel.url}/submodel-elements/NumberOfPlaces`)).json()) as {
    value: string;
    qualifiers: { type: string; value: string }[];
  };
  expect(element.value).toBe(String(factor.value));
  expect(element.qualifiers.find(({ type }) => type === "PlannedValue")?.value).toBe(String(factor.value + 1));

  // The log says who, when and why.
  const [entry] = await ada.log({ limit: 1 });
  expect(entry).toMatchObject({ kind: "merge", name: "Bo" });

  // A live property answers the live value and refuses PATCH, naming the Command (P19).
  const operational = card.submodels.find(({ idShort }) => idShort === "OperationalData")!;
  const elements = (await (await fetch(`${site.url}${operational.url}/submodel-elements?limit=50`)).json()) as {
    result: { idShort: string; value?: string }[];
  };
  const bound = elements.result.find(({ value }) => value !== undefined)!;
  const refused = await fetch(`${site.url}${operational.url}/submodel-elements/${bound.idShort}/$value`, {
    method: "PATCH",
    headers: { "content-type": "application/json" },
    body: JSON.stringify("1"),
  });
  expect(refused.status).toBeGreaterThanOrEqual(400);
  expect(await refused.text()).toMatch(/Command/);
  session.close();
});
