import { LIVE } from "@doppelwerk/world";
import type { Browser, Page } from "playwright-core";
import { buildStudio } from "../scripts/build.ts";
import { openStudio, settled } from "./accessible-page.ts";
import { eventually, startBrowser, startSite } from "./running-site.ts";
import type { RunningSite } from "./running-site.ts";

/** A site in which every view has something to show. */
export interface FurnishedSite {
  readonly site: RunningSite;
  readonly branch: string;
  readonly study: string;
  readonly forecast: string;
  readonly experiment: string;
  readonly request: string;
  /** The outermost place. */
  readonly place: string;
  /** One that takes commands, once that is allowed. */
  readonly connection: string;
}

const text = (en: string, zh: string) => ({ en, zh });

async function ask<Answer>({ url }: RunningSite, path: string, body?: object): Promise<Answer> {
  const sent = body && { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(`${url}/api/doppelwerk/v1${path}`, sent);
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  return (await response.json()) as Answer;
}

/** An experiment with two values of a factor, done. */
async function experimentOn(
  site: RunningSite,
  branch: string,
  { element, value }: { readonly element: string; readonly value: number },
): Promise<string> {
  const experiments = `/branches/${branch}/experiments`;
  const { id } = await ask<{ readonly id: string }>(site, experiments, {
    name: "Places of the leak test",
    kind: "study",
    shifts: 1,
    seed: 1,
    kpi: "throughput",
    goal: "maximise",
    factors: [{ element: element, values: [value, value + 1] }],
    design: "full",
    replications: { count: 3 },
  });
  await eventually(
    async () => (await ask<readonly { readonly state: string }[]>(site, experiments)).some(({ state }) => state === "done"),
    "the experiment is done",
  );
  return id;
}

/** The small demo plant with an active alarm, a branch with a study, a forecast, an experiment and a merge request, and a second world. */
async function startFurnishedSite(): Promise<FurnishedSite> {
  const site = await startSite({ minimal: true });
  const ada = site.client("Ada Fischer");
  await eventually(async () => (await ada.world()).backfill.done, "the recorded past is read");
  const station = await eventually(async () => (await ada.line()).stations.find(({ id }) => id === "S090"), "the line is there");
  const write = async (branch: string, reason: string, changes: Parameters<ReturnType<typeof ada.live>["push"]>[2]): Promise<void> => {
    const session = ada.live({ branch });
    await eventually(() => session.state().kind === "online", "the live session is online");
    await session.push(branch, reason, changes);
    session.close();
  };
  const rule = {
    id: "alarmRule:always",
    kind: "alarmRule",
    title: text("Leak rate above a limit that it always passes", "泄漏率总是超过上限"),
    condition: { kind: "high", signal: station.processValues[0]!, limit: -1_000, deadband: 0 },
    priority: 2,
    onDelayS: 0,
    offDelayS: 0,
    cause: text("A worn seal", "密封件磨损"),
    consequence: text("Units are rejected", "产品报废"),
    response: text("Replace the seal", "更换密封件"),
    timeToRespondS: 600,
    latching: false,
    suppressedIn: [],
    enabled: true,
    station: "S090",
  };
  await write(LIVE, "an alarm that is active", [{ op: "create", record: rule as never }]);
  await ada.createWorld({ name: "second", title: "Second world" });
  const { id: branch } = await ada.fork("seventh leak-test place");
  const factor = (await ada.factors(branch)).find(({ key }) => key === "S090/NumberOfPlaces")!;
  const value = { from: String(factor.value), to: String(factor.value + 1) };
  await write(branch, "one leak-test place more", [{ op: "update", id: factor.element, fields: { value } }]);
  const run = async (kind: "study" | "forecast"): Promise<string> => {
    const { id } = await ada.run(branch, { kind, seed: 1, replications: 4, ...(kind === "study" && { shifts: 1 }) });
    await eventually(async () => (await ada.runResult(id)).run.state === "done", `the ${kind} is done`);
    return id;
  };
  const [study, forecast] = [await run("study"), await run("forecast")];
  const experiment = await experimentOn(site, branch, factor);
  const { id: request } = await ada.propose({
    branch,
    title: "Seventh leak-test place",
    text: "The leak test is the bottleneck. See the study.",
    runs: [study],
    planned: { owner: "Maintenance", effectiveFrom: "2030-01-01", action: "Install and qualify a seventh leak-test place" },
  });
  await eventually(async () => (await ada.snapshot()).alarms.length > 0, "the alarm is active");
  const place = (await ask<{ readonly places: readonly { readonly id: string }[] }>(site, "/places")).places[0]!.id;
  const connections = await ask<readonly { readonly id: string; readonly protocol: string }[]>(site, "/connections");
  const connection = connections.find(({ protocol }) => protocol === "opcua")!.id;
  return { site, branch, study, forecast, experiment, request, place, connection };
}

export interface FurnishedStudio {
  readonly furnished: FurnishedSite;
  readonly browser: Browser;
  readonly page: Page;
  readonly close: () => Promise<void>;
}

/** The studio on such a site, in a browser; `prepare` is done before its first view is looked at. */
export async function openFurnishedStudio(prepare?: (page: Page, furnished: FurnishedSite) => Promise<void>): Promise<FurnishedStudio> {
  buildStudio();
  const [furnished, browser] = await Promise.all([startFurnishedSite(), startBrowser()]);
  const page = await openStudio(browser, `${furnished.site.url}/settings`);
  await prepare?.(page, furnished);
  await settled(page);
  const close = async (): Promise<void> => {
    await browser.close();
    await furnished.site.stop();
  };
  return { furnished, browser, page, close };
}
