import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Client, LiveSession } from "@doppelwerk/client";
import { originAt, quality } from "@doppelwerk/world";
import type { SampleBatch } from "@doppelwerk/world";
import { clientOf, eventually, startProgram, startServer, type Program } from "../e2e/running-site.ts";
import { serverEnvironment } from "../scripts/server-process.mjs";
import { quantile, reportMedian, type Report } from "./report.ts";

const VIEWERS = 5;
const WINDOWS = 6;
const WINDOW_S = 20;
/** After the last viewer came: what a start leaves behind is not a day's work. */
const SETTLES_S = 30;
/** The controller whose clock is wrong on purpose (DP13): the ages of its values say nothing. */
const WRONG_CLOCK_MS = 5_000;

/**
 * Lines of sixteen stations and 390 signals each, behind OPC UA and Sparkplug, and viewers that subscribe to every signal over the live protocol (bars with
 * ten lines and five viewers: 25 % of a core, 500 MB, both of the server's process alone). Beside them, in the same windows, one such line with as many
 * viewers: what does not depend on the number of lines. The plants and the viewers are other processes. `--lines=N`, `--window=SECONDS`.
 */
export async function bench(report: Report): Promise<void> {
  const [lines, windowS] = [numberAsked("lines") ?? 10, numberAsked("window") ?? WINDOW_S];
  // as `npm start` does beside the start of the plant
  execFileSync(process.execPath, [fileURLToPath(new URL("../scripts/warm-code.ts", import.meta.url))], {
    env: serverEnvironment(process.env) as NodeJS.ProcessEnv,
    stdio: "ignore",
  });
  const sites: Site[] = [];
  try {
    for (const count of [1, lines]) sites.push(await Site.start(count));
    for (const site of sites) await site.watch();
    await new Promise((resolve) => setTimeout(resolve, SETTLES_S * 1_000));
    for (const site of sites) await site.take();
    for (let window = 0; window < WINDOWS; window++) {
      await new Promise((resolve) => setTimeout(resolve, windowS * 1_000));
      for (const site of sites) await site.measure();
    }
    for (const site of sites) site.report(report);
  } finally {
    for (const site of sites) await site.stop();
  }
}

interface Taken {
  readonly residentMb: number;
  readonly cpuS: number;
  readonly ingested: number;
  readonly at: number;
}

/** A plant of some lines, its server and the viewers of it. */
class Site {
  readonly #lines: number;
  readonly #folder: string;
  readonly #plant: Program;
  readonly #server: Program;
  readonly #client: (name: string) => Client;
  readonly #figures = new Map<string, { readonly unit: string; readonly values: number[] }>();
  #sessions: readonly LiveSession[] = [];
  #received = 0;
  #ages: number[] = [];
  #before: Taken | undefined;

  private constructor(lines: number, folder: string, plant: Program, server: Program) {
    this.#lines = lines;
    this.#folder = folder;
    this.#plant = plant;
    this.#server = server;
    this.#client = (name) => clientOf(String(server.ready["url"]), name);
  }

  static async start(lines: number): Promise<Site> {
    const folder = mkdtempSync(join(tmpdir(), "doppelwerk-bench-lines-"));
    mkdirSync(join(folder, "plant"));
    const plant = await startProgram("bench/plants/many-lines.ts", [String(lines), join(folder, "plant")]);
    const server = await startServer(join(folder, "data"), ["--import", String(plant.ready["engineeringFile"]), "--demo"]);
    return new Site(lines, folder, plant, server);
  }

  /** Once every line is known and its values come, the viewers come. */
  async watch(): Promise<void> {
    const client = this.#client("Bench");
    const known = (await fetch(`${String(this.#server.ready["url"])}/api/doppelwerk/v1/lines`)).json() as Promise<{
      readonly lines: readonly unknown[];
    }>;
    const { length } = (await known).lines;
    if (length !== this.#lines) throw new Error(`the server knows ${length} lines of ${this.#lines}`);
    await eventually(async () => {
      const connections = await client.connections();
      return connections.length > 0 && connections.every(({ state }) => state === "connected");
    }, "all connections");
    await eventually(async () => (await client.world()).backfill.done, "the past is read");
    this.#sessions = Array.from({ length: VIEWERS }, (_, viewer) => this.#client(`Viewer ${viewer}`).live());
    for (const session of this.#sessions)
      session.on((event) => {
        if (event.kind === "state" && event.state.kind === "online") session.subscribe("all");
        if (event.kind === "samples") this.#take(event.batch);
      });
  }

  #take(batch: SampleBatch): void {
    this.#received += batch.count;
    const now = Date.now() * 1_000;
    for (let row = 0; row < batch.count; row += 7) {
      const ageMs = (now - batch.sourceTimes[row]!) / 1_000;
      // values of a demonstration plant are simulated; what the server concludes of them is derived
      if (originAt(batch, row) !== "derived" && batch.qualities[row] === quality.good && Math.abs(ageMs) < WRONG_CLOCK_MS)
        this.#ages.push(ageMs);
    }
  }

  async take(): Promise<Taken> {
    const text = await (await fetch(`${String(this.#server.ready["url"])}/metrics`)).text();
    const value = (name: string): number => Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (.*)$`, "m").exec(text)?.[1]);
    this.#received = 0;
    this.#ages = [];
    this.#before = {
      residentMb: value("process_resident_memory_bytes") / 1e6,
      cpuS: value("process_cpu_seconds_total"),
      ingested: value("doppelwerk_samples_ingested_total"),
      at: performance.now() / 1_000,
    };
    return this.#before;
  }

  /** One window. */
  async measure(): Promise<void> {
    const [before, received, ages] = [this.#before!, this.#received, this.#ages.toSorted((a, b) => a - b)];
    const now = await this.take();
    const seconds = now.at - before.at;
    this.#put("resident memory of the server", "MB", now.residentMb);
    this.#put("CPU of the server", "% of a core", (100 * (now.cpuS - before.cpuS)) / seconds);
    this.#put("samples taken", "1/s", (now.ingested - before.ingested) / seconds);
    this.#put("samples a viewer has", "1/s", received / VIEWERS / seconds);
    this.#put("source time to receipt, p95", "ms", quantile(ages, 0.95));
  }

  #put(metric: string, unit: string, value: number): void {
    const figure = this.#figures.get(metric) ?? { unit, values: [] };
    this.#figures.set(metric, figure);
    figure.values.push(value);
  }

  report(report: Report): void {
    const signals = Number(this.#plant.ready["signals"]);
    const who = `${this.#lines} ${this.#lines === 1 ? "line" : "lines"}, ${signals} signals, ${VIEWERS} viewers`;
    for (const [metric, { unit, values }] of this.#figures) reportMedian(report, "ten-lines", `${metric}, ${who}`, unit, values);
  }

  async stop(): Promise<void> {
    for (const session of this.#sessions) session.close();
    await this.#server.stop();
    await this.#plant.stop();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function numberAsked(name: string): number | undefined {
  const flag = process.argv.find((argument) => argument.startsWith(`--${name}=`));
  return flag === undefined ? undefined : Number(flag.slice(name.length + 3));
}
