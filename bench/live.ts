import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { LiveSession } from "@doppelwerk/client";
import { quality } from "@doppelwerk/world";
import type { SampleBatch } from "@doppelwerk/world";
import type { Browser, Page } from "playwright-core";
import { areShiftsOfLinesKnown } from "./plants/line-shifts.ts";
import { eventually, startBrowser, startSite } from "../e2e/running-site.ts";
import type { RunningSite } from "../e2e/running-site.ts";
import { serverEnvironment } from "../scripts/server-process.mjs";
import { quantile, reportMedian, type Report } from "./report.ts";

/** One figure a window; the median of the windows is reported. */
const WINDOWS = 6;
/** Windows of each screen without 3D. */
const WINDOWS_OF_VIEW = 5;
const SETTLES_MS = 10_000;
const DAY = 86_400_000_000;
/** Source times that run this far off are those of the controller whose clock is wrong on purpose (DP13): its age says nothing. */
const WRONG_CLOCK_US = 5_000_000;

/**
 * The whole demo, as `npm start` has it (`--line-only` as that flag of it does), with two viewers that subscribe to every signal: resident memory and CPU of the server process alone (bars:
 * 300 MB, 25 % of one core), age of a measured value when a viewer has it (bar: p95 150 ms after its source time), and what a scrub asks.
 * `--minutes=N` (default 2) measures longer; `--chromium` has real browsers with the studio as viewers, which draw in software here and take what
 * they can get of the machine.
 */
export async function bench(report: Report): Promise<void> {
  const minutes = minutesAsked() ?? 2;
  // as `npm start` does beside the start of the plant
  execFileSync(process.execPath, [fileURLToPath(new URL("../scripts/warm-code.ts", import.meta.url))], {
    env: serverEnvironment(process.env) as NodeJS.ProcessEnv,
    stdio: "ignore",
  });
  const started = performance.now();
  const site = await startSite({ minimal: false, whole: !process.argv.includes("--line-only") });
  try {
    reportMedian(report, "live", "plant and server from nothing to ready", "s", [(performance.now() - started) / 1000]);
    const ready = performance.now();
    const client = site.client("Bench");
    await eventually(
      async () => (await client.world()).backfill.done && (await areShiftsOfLinesKnown(site.url)),
      "the past is read and derived",
      300,
    );
    reportMedian(report, "live", "past on the Rail after ready", "s", [(performance.now() - ready) / 1000]);
    await settled(site);
    const protocolOf = await protocols(site);
    const viewers = process.argv.includes("--chromium") ? await browserViewers(site, protocolOf) : sessionViewers(site, protocolOf);
    await measure(report, site, viewers, minutes);
    for (const view of viewers.views) {
      await viewers.show(view);
      await measureView(report, view, viewers, minutes);
    }
    await viewers.close();
    await askHistory(report, site);
  } finally {
    await site.stop();
  }
}

/** Protocol → ages in ms. */
type Ages = Map<string, number[]>;

interface Viewers {
  readonly kind: string;
  /** Screens without 3D that they can be brought to. */
  readonly views: readonly string[];
  show(view: string): Promise<void>;
  /** Ages in ms of measured values received since the last call, by the protocol they came over. */
  take(): Promise<Ages>;
  close(): Promise<void>;
}

/** The server runs its backtest after the derivation; a day of work is not measured from its first minute. */
async function settled(site: RunningSite): Promise<void> {
  await eventually(async () => ((await site.client("Bench").backtest()).state === "done" ? true : undefined), "the backtest is done", 300);
}

async function measure(report: Report, site: RunningSite, viewers: Viewers, minutes: number): Promise<void> {
  const resident: number[] = [];
  const cpu: number[] = [];
  const middle = new Map<string, number[]>();
  const late = new Map<string, number[]>();
  await viewers.take();
  let before = await processOf(site);
  for (let window = 0; window < WINDOWS; window++) {
    await new Promise((resolve) => setTimeout(resolve, (minutes * 60_000) / WINDOWS));
    const now = await processOf(site);
    resident.push(now.residentMb);
    cpu.push((100 * (now.cpuS - before.cpuS)) / (now.at - before.at));
    before = now;
    for (const [protocol, ages] of await viewers.take()) {
      ages.sort((a, b) => a - b);
      append(middle, protocol, quantile(ages, 0.5));
      append(late, protocol, quantile(ages, 0.95));
    }
  }
  const who = `, two ${viewers.kind} viewers`;
  reportMedian(report, "live", `resident memory of the server${who}`, "MB", resident);
  reportMedian(report, "live", `CPU of the server${who}`, "% of a core", cpu);
  // apart, because an edge node gathers before it publishes: its values are old before they reach the server
  for (const protocol of middle.keys()) {
    reportMedian(report, "live", `source time to receipt, ${protocol}, p50`, "ms", middle.get(protocol)!);
    reportMedian(report, "live", `source time to receipt, ${protocol}, p95`, "ms", late.get(protocol)!);
  }
  reportMedian(report, "live", "resident memory of the connectors' process", "MB", [childMemoryMb(site.server.child.pid!)]);
}

/** The same ages on a screen without 3D. */
async function measureView(report: Report, view: string, viewers: Viewers, minutes: number): Promise<void> {
  const [middle, late]: [number[], number[]] = [[], []];
  await viewers.take();
  for (let window = 0; window < WINDOWS_OF_VIEW; window++) {
    await new Promise((resolve) => setTimeout(resolve, (minutes * 60_000) / WINDOWS));
    const ages = (await viewers.take()).get("opcua") ?? [];
    ages.sort((a, b) => a - b);
    middle.push(quantile(ages, 0.5));
    late.push(quantile(ages, 0.95));
  }
  reportMedian(report, "live", `source time to receipt, opcua, ${view}, p50`, "ms", middle);
  reportMedian(report, "live", `source time to receipt, opcua, ${view}, p95`, "ms", late);
}

/** Two sessions of the client package in this process, each subscribed to everything. */
function sessionViewers(site: RunningSite, protocolOf: ProtocolOf): Viewers {
  let ages: Ages = new Map();
  const sessions: LiveSession[] = ["Ada", "Bo"].map((name) => site.client(name).live());
  for (const session of sessions) {
    session.on((event) => {
      if (event.kind === "state" && event.state.kind === "online") session.subscribe("all");
      if (event.kind === "samples") takeAges(ages, event.batch, Date.now() * 1_000, (index) => protocolOf(session.signals()[index]?.id));
    });
  }
  return {
    kind: "ws",
    views: [],
    async show() {},
    async take() {
      const taken = ages;
      ages = new Map();
      return taken;
    },
    async close() {
      for (const session of sessions) session.close();
    },
  };
}

/**
 * Two windows of the studio; frames are stamped where the browser hands them to the page's own thread, in the turn in which the studio's table of values
 * takes them (the next picture of the screen shows them), and taken apart here.
 */
async function browserViewers(site: RunningSite, protocolOf: ProtocolOf): Promise<Viewers> {
  const { decodeSamplesFrame } = await import("@doppelwerk/sync");
  // rows have the same index in every session
  const names = site.client("Names").live();
  const browser: Browser = await startBrowser();
  const pages: Page[] = [];
  for (const name of ["Ada", "Bo"]) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
    const page = await context.newPage();
    await page.addInitScript(stampFrames);
    await page.goto(site.url);
    await page.getByLabel("Your name").fill(name);
    await page.getByRole("button", { name: "Enter" }).click();
    pages.push(page);
  }
  await new Promise((resolve) => setTimeout(resolve, SETTLES_MS));
  return {
    kind: "Chromium",
    views: ["board", "trends"],
    async show(view) {
      for (const page of pages) await page.goto(`${site.url}/${view}`);
      // what a page loads first is not what it does all day
      await new Promise((resolve) => setTimeout(resolve, SETTLES_MS));
    },
    async take() {
      const ages: Ages = new Map();
      for (const page of pages) {
        const frames = await page.evaluate(() =>
          (globalThis as unknown as { takeFrames(): { readonly at: number; readonly bytes: string }[] }).takeFrames(),
        );
        for (const { at, bytes } of frames) {
          takeAges(ages, decodeSamplesFrame(new Uint8Array(Buffer.from(bytes, "base64"))), at * 1_000, (index) =>
            protocolOf(names.signals()[index]?.id),
          );
        }
      }
      return ages;
    },
    async close() {
      names.close();
      await browser.close();
    },
  };
}

type ProtocolOf = (signal: string | undefined) => string | undefined;

/** Over which protocol a signal comes, from the records of the world; undefined for what the server derives itself. */
async function protocols(site: RunningSite): Promise<ProtocolOf> {
  const client = site.client("Bench");
  const byConnection = new Map((await client.connections()).map(({ id, protocol }) => [id as string, protocol as string]));
  const session = client.live();
  await eventually(() => (session.state().kind === "online" ? true : undefined), "the session is online");
  const replica = session.documents("live", ["signal"]);
  const records = await eventually(() => {
    const found = replica.query("signal");
    return found.length > 0 ? found : undefined;
  }, "the signals are known");
  session.close();
  const bySignal = new Map(records.map((record) => [record.id as string, byConnection.get(String(record["connection"]))]));
  return (signal) => (signal === undefined ? undefined : bySignal.get(signal));
}

function takeAges(ages: Ages, batch: SampleBatch, nowUs: number, protocolOf: (index: number) => string | undefined): void {
  for (let row = 0; row < batch.count; row++) {
    const age = nowUs - batch.sourceTimes[row]!;
    const protocol = protocolOf(batch.signals[row]!);
    if (protocol !== undefined && batch.qualities[row] === quality.good && Math.abs(age) < WRONG_CLOCK_US)
      append(ages, protocol, age / 1_000);
  }
}

function append(values: Map<string, number[]>, key: string, value: number): void {
  const known = values.get(key);
  if (known) known.push(value);
  else values.set(key, [value]);
}

/** Runs in the page before anything of it. */
function stampFrames(): void {
  const scope = globalThis as unknown as { WebSocket: typeof WebSocket; takeFrames(): unknown };
  let frames: { readonly at: number; readonly bytes: string }[] = [];
  scope.takeFrames = () => {
    const taken = frames;
    frames = [];
    return taken;
  };
  scope.WebSocket = class extends WebSocket {
    constructor(url: string | URL) {
      super(url);
      this.addEventListener("message", ({ data }: MessageEvent) => {
        if (data instanceof ArrayBuffer)
          frames.push({ at: performance.timeOrigin + performance.now(), bytes: btoa(String.fromCharCode(...new Uint8Array(data))) });
      });
    }
  };
}

/** What a hand on the Rail asks for, on the recorded past: the Rail itself, and the line at an instant, first near, then anywhere. */
async function askHistory(report: Report, site: RunningSite): Promise<void> {
  const client = site.client("Bench");
  const now = (await client.world()).now;
  const timed = async (ask: (run: number) => Promise<unknown>, runs: number): Promise<number[]> => {
    const times: number[] = [];
    for (let run = 0; run < runs; run++) {
      const start = performance.now();
      await ask(run);
      times.push(performance.now() - start);
    }
    return times;
  };
  const rail = await timed(() => client.rail(now - 8 * DAY, now, 600), 10);
  const anywhere = await timed((run) => client.snapshot(now - Math.round((0.5 + run * 0.61) * DAY)), 10);
  const scrub = await timed((run) => client.snapshot(now - DAY + run * 20_000_000), 40);
  reportMedian(report, "live", "Rail of 8 days, 600 points", "ms", rail);
  reportMedian(report, "live", "line at any instant of the past", "ms", anywhere);
  reportMedian(report, "live", "line at the next instant of a scrub", "ms", scrub);
}

async function processOf(site: RunningSite): Promise<{ readonly residentMb: number; readonly cpuS: number; readonly at: number }> {
  const text = await (await fetch(`${site.url}/metrics`)).text();
  const value = (name: string) => Number(new RegExp(`^${name} (.*)$`, "m").exec(text)?.[1]);
  return {
    residentMb: value("process_resident_memory_bytes") / 1e6,
    cpuS: value("process_cpu_seconds_total"),
    at: performance.now() / 1000,
  };
}

function childMemoryMb(pid: number): number {
  const rows = execFileSync("ps", ["-eo", "ppid=,rss="], { encoding: "utf8" }).trim().split("\n");
  return rows
    .map((row) => row.trim().split(/\s+/).map(Number))
    .reduce((sum, [parent, kilobytes]) => (parent === pid ? sum + kilobytes! / 1e3 : sum), 0);
}

function minutesAsked(): number | undefined {
  const flag = process.argv.find((argument) => argument.startsWith("--minutes="));
  return flag === undefined ? undefined : Number(flag.slice("--minutes=".length));
}
