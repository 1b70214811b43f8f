import type { HistoryDamage } from "@doppelwerk/world";
import type { FastifyInstance } from "fastify";
import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";
import type { AtTheDoor } from "../http/connection-limits.ts";
import type { HostedWorld } from "./hosted-world.ts";
import type { HostedWorlds } from "./hosted-worlds.ts";
import { storeTroubleOf } from "./store-trouble.ts";

type WorldList = Pick<HostedWorlds["registry"], "list">;

/** `/healthz` (503 while nothing can be stored; `degraded` says what is served in part only), `/readyz` (its world is open and takes samples), `/metrics` (Prometheus), whose text is returned. */
// oxlint-disable-next-line max-params -- what is counted
export function registerMetrics(app: FastifyInstance, site: HostedWorld, worlds: WorldList, door?: AtTheDoor): () => Promise<string> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name: `doppelwerk_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(value());
      },
    });
  const counter = (name: string, help: string, value: () => number) =>
    new Counter({
      name: `doppelwerk_${name}`,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(value());
      },
    });
  gauge("viewers", "browsers connected", () => site.hub.viewers);
  counter("frames_skipped_total", "frames not sent to browsers that were too slow", () => site.hub.skippedFrames);
  new Counter({
    name: "doppelwerk_topic_messages_dropped_total",
    help: "messages of topics not sent to browsers that were too slow",
    labelNames: ["topic"],
    registers: [registry],
    collect() {
      this.reset();
      for (const [topic, count] of site.hub.droppedMessages) this.inc({ topic }, count);
    },
  });
  counter("samples_ingested_total", "samples taken in since start", () => site.intakeCounts.ingested);
  counter("samples_dropped_total", "samples dropped by the bounded intake queue", () => site.intakeCounts.dropped);
  counter("samples_unwritten_total", "samples the historian could not store", () => site.intakeCounts.unwritten);
  gauge("history_refusing", "1 while samples cannot be stored: the disk is full or gone", () => Number(storeProblems(site).length > 0));
  gauge("disk_free_bytes", "bytes left on the disk of the data folder", () => site.freeBytes() ?? Number.NaN);
  gauge("history_damaged_files", "damaged files of the history that were set aside", () => damagesOf(site).length);
  gauge("history_missing_samples", "samples known to be missing with them", () =>
    damagesOf(site).reduce((sum, { missing }) => sum + missing.reduce((rows, { count }) => rows + count, 0), 0),
  );
  counter("events_recorded_total", "events recorded since start", () => site.events.counts().recorded);
  counter("events_refused_total", "events refused because too many waited or none could be stored", () => site.events.counts().refused);
  gauge("events_waiting", "events on their way to the disk", () => site.events.counts().waiting);
  gauge("events_damaged_files", "files of events that are damaged or missing", () => site.events.damages().length);
  gauge("signals", "signals in the live table", () => site.signals.table.size);
  gauge("revision", "last revision of the world", () =>
    site.view({ id: "system", name: "Doppelwerk", verified: true, roles: ["administrator"] }).revision(),
  );
  if (door !== undefined) countDoor(door, gauge, counter);
  countWorlds(registry, worlds);
  app.get("/healthz", async (_request, reply) => {
    const problems = storeProblems(site);
    const degraded = [...problems, ...damageTexts(site), ...failedWorlds(worlds)];
    const ok = problems.length === 0;
    return reply.status(ok ? 200 : 503).send({ ok, ...(degraded.length > 0 && { degraded }) });
  });
  app.get("/readyz", async (_request, reply) => {
    const reasons = storeProblems(site);
    const ready = reasons.length === 0;
    return reply.status(ready ? 200 : 503).send({ ready, ...(!ready && { reasons }), backfill: site.backfill() });
  });
  const text = async (): Promise<string> => (await registry.metrics()) + (await site.featureMetrics.text());
  app.get("/metrics", async (_request, reply) => reply.type(registry.contentType).send(await text()));
  return text;
}

type Counts = (name: string, help: string, value: () => number) => unknown;

function countDoor(door: AtTheDoor, gauge: Counts, counter: Counts): void {
  gauge("connections", "connections of all kinds", () => door.connections);
  gauge("handshakes_waiting", "connections that wait for the turn of their TLS handshake", () => door.waiting);
  gauge("handshakes_half_open", "TLS handshakes that were begun and not finished", () => door.halfOpen);
  counter("connections_refused_total", "connections closed because there were too many", () => door.refused);
}

function countWorlds(registry: Registry, worlds: WorldList): void {
  new Gauge({
    name: "doppelwerk_worlds",
    help: "worlds of this server",
    labelNames: ["state"],
    registers: [registry],
    collect() {
      this.reset();
      for (const { state } of worlds.list()) this.inc({ state });
    },
  });
}

/** How many, not which: who asks for the health of a server need not know its worlds. */
function failedWorlds(worlds: WorldList): readonly string[] {
  const count = worlds.list().filter(({ state }) => state === "failed").length;
  return count === 0 ? [] : [`worlds: ${count} cannot be opened; GET /worlds names them`];
}

/** Why nothing can be stored now; empty while it can. */
function storeProblems(site: HostedWorld): readonly string[] {
  const trouble = storeTroubleOf(site);
  if (trouble === undefined) return [];
  const since = trouble.since === undefined ? "" : ` since ${new Date(trouble.since / 1_000).toISOString()}`;
  return [trouble.isDiskFull ? `history: the disk is full: samples are refused${since}` : `history: samples are refused${since}`];
}

function damageTexts(site: HostedWorld): readonly string[] {
  return [
    ...damagesOf(site).map(({ file, why }) => `history: ${file}: ${why}`),
    ...site.events.damages().map(({ file, why }) => `events: ${file}: ${why}`),
  ];
}

function damagesOf(site: HostedWorld): readonly HistoryDamage[] {
  return site.history.damages?.() ?? [];
}
