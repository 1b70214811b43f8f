import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { encodeId, type Submodel } from "@doppelwerk/aas";
import { importChanges, LIVE } from "@doppelwerk/world";
import { pino } from "pino";
import { productFeatures } from "../apps/doppelwerk/src/features.ts";
import { openHostedWorld } from "../packages/server/src/compose/open-hosted-world.ts";
import { createSiteApp } from "../packages/server/src/compose/register-routes.ts";
import { BENCH_PERSON } from "./durable-world.ts";
import { reportMedian, type Report } from "./report.ts";

const RUNS = Number(process.env["BENCH_RUNS"] ?? 5);
/** Elements of the submodel that is deleted, and of the one that is replaced; the second is about what a request body may hold. */
const DELETED = 120_000;
const REPLACED = 30_000;
const PART = 20_000;
/** References that lead to the element that is renamed, and submodels they lie in. */
const REFERRERS = 10_000;
const REFERRING = 100;

/**
 * One long transaction over the AAS API, durable, in a server with all features: DELETE of a submodel of 120,000 elements, PUT of one of 30,000, every
 * one changed, and renaming an element that 10,000 references of other submodels lead to. How long the server answers nobody at the longest: by the clock,
 * and the processor time of the busiest turn of its event loop, which is what it is on a quiet machine.
 */
export async function bench(report: Report): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "doppelwerk-bench-long-writes-"));
  const logger = pino({ level: "error" }, pino.destination(2));
  const site = await openHostedWorld({ dataDirectory: folder, logger, workers: 1, features: productFeatures });
  const app = await createSiteApp(site);
  site.hub.attach(app.server);
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  const [deletes, puts, renames] = [[], [], []] as Watched[][] as [Watched[], Watched[], Watched[]];
  const write = async (method: string, id: string, body?: string): Promise<void> => {
    const answer = await fetch(`${url}/api/v3/submodels/${encodeId(id)}`, {
      method,
      ...(body !== undefined && { body, headers: { "content-type": "application/json" } }),
    });
    if (answer.status !== 204) throw new Error(`${method} ${id}: ${answer.status} ${await answer.text()}`);
  };
  try {
    const view = site.view(BENCH_PERSON);
    const referring = Array.from({ length: REFERRING }, (_, i) => referringSubmodel(i));
    const { changes } = importChanges(view.reader(LIVE), { submodels: [submodel(RENAMED, 100, "1"), ...referring] }, RENAMED);
    await view.apply({ branch: LIVE, reason: "bench", changes });
    for (let run = 0; run < RUNS; run++) {
      renames.push(await watched(() => rename(url, run)));
      for (const [id, count] of [
        [`urn:bench:deleted:${run}`, DELETED],
        [`urn:bench:put:${run}`, REPLACED],
      ] as const) {
        const { changes } = importChanges(view.reader(LIVE), { submodels: [submodel(id, count, "1")] }, id);
        for (let at = 0; at < changes.length; at += PART)
          await view.apply({ branch: LIVE, reason: "bench", changes: changes.slice(at, at + PART) });
      }
      const put = JSON.stringify(submodel(`urn:bench:put:${run}`, REPLACED, "2"));
      puts.push(await watched(() => write("PUT", `urn:bench:put:${run}`, put)));
      deletes.push(await watched(() => write("DELETE", `urn:bench:deleted:${run}`)));
    }
    tell(report, { deletes, puts, renames });
  } finally {
    await app.close();
    await site.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function tell(report: Report, { deletes, puts, renames }: Readonly<Record<"deletes" | "puts" | "renames", readonly Watched[]>>): void {
  for (const [what, all] of [
    [`DELETE of ${DELETED} elements`, deletes],
    [`PUT of ${REPLACED} elements, all changed`, puts],
    [`rename with ${REFERRERS} referrers`, renames],
  ] as const) {
    reportMedian(
      report,
      "long-writes",
      what,
      "s",
      all.map(({ seconds }) => seconds),
    );
    reportMedian(
      report,
      "long-writes",
      `${what}: processor time`,
      "s",
      all.map(({ processorS }) => processorS),
    );
    reportMedian(
      report,
      "long-writes",
      `${what}: longest wait of others`,
      "ms",
      all.map(({ stallMs }) => stallMs),
    );
    reportMedian(
      report,
      "long-writes",
      `${what}: busiest turn, processor time`,
      "ms",
      all.map(({ turnMs }) => turnMs),
    );
  }
}

/** Renames the element to a name of this run. */
async function rename(url: string, run: number): Promise<void> {
  const body = { path: run === 0 ? "group0" : `renamed${run - 1}`, idShort: `renamed${run}` };
  const answer = await fetch(`${url}/api/doppelwerk/v1/submodels/${encodeId(RENAMED)}/rename`, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json" },
  });
  const { references } = (await answer.json()) as { readonly references?: number };
  if (references !== REFERRERS) throw new Error(`rename: ${answer.status}, ${references} references`);
}

const RENAMED = "urn:bench:renamed";

function referringSubmodel(i: number): Submodel {
  const keys = [
    { type: "Submodel", value: RENAMED },
    { type: "SubmodelElementCollection", value: "group0" },
    { type: "Property", value: "p0" },
  ] as const;
  return {
    modelType: "Submodel",
    id: `urn:bench:referring:${i}`,
    submodelElements: Array.from({ length: REFERRERS / REFERRING }, (_, j) => ({
      modelType: "ReferenceElement",
      idShort: `r${j}`,
      value: { type: "ModelReference", keys },
    })),
  };
}

interface Watched {
  readonly seconds: number;
  readonly processorS: number;
  readonly stallMs: number;
  readonly turnMs: number;
}

async function watched(act: () => Promise<unknown>): Promise<Watched> {
  const started = performance.now();
  let [done, stallMs, turnMs] = [false, 0, 0];
  const cpu = cpuMs();
  let [last, lastCpu] = [started, cpu];
  const finished = act().finally(() => (done = true));
  while (!done) {
    await setImmediate();
    const [now, cpuNow] = [performance.now(), cpuMs()];
    stallMs = Math.max(stallMs, now - last);
    turnMs = Math.max(turnMs, cpuNow - lastCpu);
    [last, lastCpu] = [now, cpuNow];
  }
  await finished;
  return { seconds: (last - started) / 1_000, processorS: (lastCpu - cpu) / 1_000, stallMs, turnMs };
}

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

function submodel(id: string, count: number, value: string): Submodel {
  const meaning = (i: number) => ({
    type: "ExternalReference" as const,
    keys: [{ type: "GlobalReference" as const, value: `urn:bench:${i % 100}` }],
  });
  return {
    modelType: "Submodel",
    id,
    submodelElements: Array.from({ length: count / 100 }, (_, i) => ({
      modelType: "SubmodelElementCollection",
      idShort: `group${i}`,
      value: Array.from({ length: 99 }, (_unused, j) => ({
        modelType: "Property",
        idShort: `p${j}`,
        semanticId: meaning(j),
        valueType: "xs:int",
        value,
      })),
    })),
  };
}
