import type { WorldInfo } from "@doppelwerk/client";
import { LIVE } from "@doppelwerk/world";
import type { FastifyInstance } from "fastify";
import type { Site } from "../compose/site.ts";

function historyHealth(site: Site): WorldInfo["history"] {
  const refusal = site.storeRefusal();
  const damages = site.history.damages?.() ?? [];
  return {
    ...(refusal === undefined ? {} : { refusedSince: refusal.since, diskFull: refusal.isDiskFull }),
    unwritten: site.intakeCounts.unwritten,
    damagedFiles: damages.length,
    missingSamples: damages.reduce((sum, { missing }) => sum + missing.reduce((all, { count }) => all + count, 0), 0),
  };
}

/** What a browser asks first. */
export function registerWorld(app: FastifyInstance, site: Site): void {
  app.get("/world", async (request): Promise<WorldInfo> => {
    const view = site.viewOf(request);
    const engine = site.line.engine;
    const connections = site.connections.list();
    const title = site.line.title();
    return {
      world: site.name,
      title: title.at(-1) ?? { en: "New world", zh: "新世界" },
      path: title,
      version: site.version,
      now: site.now(),
      revision: view.revision(),
      empty: view.reader(LIVE).query({ kind: "shell", limit: 1 }).length === 0 && connections.length === 0,
      line: engine !== undefined,
      snapshot: site.line.hasSnapshot,
      demo: connections.some(({ demo }) => demo),
      historyFrom: engine ? await site.fold.derivation.begin(engine) : undefined,
      backfill: site.backfill(),
      history: historyHealth(site),
      connections,
      timeZone: site.line.definition?.timeZone ?? "UTC",
    };
  });
}
