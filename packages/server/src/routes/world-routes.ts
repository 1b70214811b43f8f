import { HOME_WORLD, type WorldInfo } from "@doppelwerk/client";
import { message, textsOf } from "@doppelwerk/messages";
import { connections as connectionsPort, lineFlow } from "@doppelwerk/ports";
import type { ConnectionStatus } from "@doppelwerk/sync";
import { LIVE, type WorldView } from "@doppelwerk/world";
import type { FastifyInstance } from "fastify";
import { refuseGuests } from "../http/guests.ts";
import type { HostedWorld } from "./hosted-world.ts";
import type { WorldOf } from "./request-world.ts";

function historyHealth(site: HostedWorld): WorldInfo["history"] {
  const refusal = site.storeRefusal();
  const damages = site.history.damages?.() ?? [];
  return {
    ...(refusal === undefined ? {} : { refusedSince: refusal.since, diskFull: refusal.isDiskFull }),
    unwritten: site.intakeCounts.unwritten,
    damagedFiles: damages.length,
    missingSamples: damages.reduce((sum, { missing }) => sum + missing.reduce((all, { count }) => all + count, 0), 0),
  };
}

/** Those that the caller may read; none while the feature that keeps them is off. */
async function connectionsFor(site: HostedWorld, view: WorldView): Promise<readonly ConnectionStatus[]> {
  const reader = view.reader(LIVE);
  const all = (await site.features.find(connectionsPort)?.list()) ?? [];
  return all.filter(({ id }) => reader.get(id) !== undefined);
}

/** Those whose shells the caller may read, in their order. */
async function linesFor(site: HostedWorld, view: WorldView): Promise<WorldInfo["lines"]> {
  const reader = view.reader(LIVE);
  const readable = (shell: string): boolean => reader.query({ kind: "shell", index: { name: "aasId", value: shell }, limit: 1 }).length > 0;
  const known = (await site.features.find(lineFlow)?.lines())?.lines ?? [];
  return known.filter(({ shell }) => readable(shell)).map(({ id, title, path, timeZone }) => ({ id, title, path, timeZone }));
}

/** From the outermost name down to what holds every one of the lines. */
function sharedPath(paths: readonly WorldInfo["path"][]): WorldInfo["path"] {
  const [first = [], ...others] = paths.map((path) => path.slice(0, -1));
  const differs = first.findIndex(({ en }, depth) => others.some((path) => path[depth]?.en !== en));
  return differs < 0 ? first : first.slice(0, differs);
}

/** The name that people gave it; else that of the only plant it is connected to. */
function titleOf(site: HostedWorld, connections: readonly ConnectionStatus[]): WorldInfo["title"] {
  const title = site.title();
  const [only, ...more] = connections;
  const named = title === HOME_WORLD && only !== undefined && more.length === 0 ? only.name : title;
  return named === HOME_WORLD ? textsOf(message("server.newWorld")) : { en: named, zh: named };
}

/** What a browser asks first. */
export function registerWorld(app: FastifyInstance, worldOf: WorldOf): void {
  app.get("/world", async (request): Promise<WorldInfo> => {
    const site = worldOf(request);
    const person = site.person(request);
    refuseGuests(person);
    const view = site.view(person);
    // what is read from now on is of this revision or a later one
    const revision = view.revision();
    const line = await site.features.find(lineFlow)?.about();
    const connections = await connectionsFor(site, view);
    const lines = await linesFor(site, view);
    const path = lines.length > 1 ? sharedPath(lines.map((each) => each.path)) : (line?.path ?? []);
    return {
      world: site.name,
      title: path.at(-1) ?? titleOf(site, connections),
      path,
      lines,
      version: site.version,
      now: site.now(),
      revision,
      empty: view.reader(LIVE).query({ kind: "shell", limit: 1 }).length === 0 && connections.length === 0,
      line: line?.line === true,
      snapshot: line?.snapshot === true,
      demo: connections.some(({ demo }) => demo),
      historyFrom: line?.historyFrom,
      backfill: site.backfill(),
      history: historyHealth(site),
      connections,
      timeZone: line?.timeZone ?? "UTC",
    };
  });
}
