import { platform, release } from "node:os";
import { connections } from "@doppelwerk/ports";
import { message, type Message } from "@doppelwerk/messages";
import { lastBackup } from "../protection/last-backup.ts";
import type { HostedWorld } from "../routes/hosted-world.ts";
import type { HostedWorlds } from "../routes/hosted-worlds.ts";
import { storeTroubleOf } from "../routes/store-trouble.ts";
import type { TelemetryState } from "../telemetry/span-sink.ts";
import { attentionOf } from "./attention.ts";
import type { DependedCertificate } from "./depended-certificates.ts";
import type { ServerState } from "./server-state-contract.ts";
import { worstOf } from "../live/frame-times.ts";
import type { ServerWatch, Totals } from "./server-watch.ts";
import type { SignInCounts } from "./sign-in-counts.ts";
import type { StorageSizes } from "./storage-sizes.ts";

const LOG_LINES = 100;

export interface WatchedServer {
  readonly worlds: Pick<
    HostedWorlds,
    | "home"
    | "registry"
    | "telemetry"
    | "outside"
    | "data"
    | "backupEveryHours"
    | "releases"
    | "forwarder"
    | "scanner"
    | "clockWatch"
    | "signInsAlert"
  >;
  readonly watch: ServerWatch;
  readonly log: HostedWorlds["log"];
  readonly storage: StorageSizes | undefined;
  readonly signIns: { readonly counts: SignInCounts; readonly open: () => number } | undefined;
  certificates(): readonly DependedCertificate[];
}

const startedAt = Math.round(performance.timeOrigin * 1_000);

/** Of all worlds that are open. */
export function totalsOf(worlds: Pick<HostedWorlds, "registry">): Totals {
  const counts = worlds.registry.open().map(({ intakeCounts }) => intakeCounts);
  return {
    samples: counts.reduce((sum, { ingested }) => sum + ingested, 0),
    dropped: counts.reduce((sum, { dropped, unwritten }) => sum + dropped + unwritten, 0),
  };
}

/** The state of the server now. Reads what is counted anyway, and the sizes of its files at most once a minute. */
export async function stateOf(server: WatchedServer): Promise<ServerState> {
  const { worlds, watch, log, storage, signIns } = server;
  const open = worlds.registry.open();
  const { home } = worlds;
  const samplesP95Ms = Math.max(...open.map((world) => world.shownAfter.percentile(95) ?? Number.NEGATIVE_INFINITY));
  const freeBytes = home.freeBytes();
  const telemetry = worlds.telemetry?.state();
  const state = {
    at: home.now(),
    startedAt,
    version: home.version,
    node: process.version,
    platform: `${platform()} ${release()} ${process.arch}`,
    rates: watch.rates,
    latencies: {
      ...(watch.requests && { requests: watch.requests }),
      eventLoopP99Ms: watch.eventLoopP99Ms,
      ...(Number.isFinite(samplesP95Ms) && { samplesP95Ms }),
      frames: worstOf(open.map(({ frames }) => frames.list())),
    },
    queues: queuesOf(open, home, telemetry),
    ...(telemetry && {
      telemetry: { address: telemetry.address, exported: telemetry.exported, ...(telemetry.failing && { failing: telemetry.failing }) },
    }),
    ...(worlds.clockWatch && { clock: worlds.clockWatch.state }),
    ...(worlds.scanner && { scanner: worlds.scanner.state }),
    ...(worlds.forwarder && { forwarding: worlds.forwarder.state }),
    store: { ...(freeBytes !== undefined && { freeBytes }), parts: (await storage?.parts()) ?? [] },
    ...(worlds.data !== undefined && { backup: backupOf(worlds.data, worlds.backupEveryHours) }),
    ...(worlds.releases && { releases: worlds.releases.state }),
    worlds: worlds.registry.list().map(({ name, state: its }) => ({ name, state: its })),
    connections: (await Promise.all(open.map(connectionsOf))).flat(),
    certificates: server.certificates(),
    ...proofOf(worlds.outside),
    ...(signIns && { signIns: { open: signIns.open(), ...signIns.counts.counts } }),
  };
  return {
    ...state,
    attention: [...attentionOf(state, open.flatMap(problemsOf), worlds.signInsAlert)],
    log: (log?.list() ?? []).slice(0, LOG_LINES),
  };
}

function proofOf(outside: HostedWorlds["outside"]): Pick<ServerState, "proof"> {
  const proof = outside?.proof;
  if (proof === undefined) return {};
  return {
    proof: proof.kinds.map((kind) => {
      const { at, size, failure } = proof.stateOf(kind)!;
      return { kind, ...(at !== undefined && { at }), ...(size !== undefined && { entries: size }), ...(failure && { failure }) };
    }),
  };
}

function backupOf(data: string, everyHours: number | undefined): NonNullable<ServerState["backup"]> {
  const last = lastBackup(data);
  return { ...(last !== undefined && { at: Date.parse(last.instant) * 1_000 }), ...(everyHours !== undefined && { everyHours }) };
}

function queuesOf(open: readonly HostedWorld[], home: HostedWorld, telemetry: TelemetryState | undefined): ServerState["queues"] {
  const sum = (of: (world: HostedWorld) => number): number => open.reduce((total, world) => total + of(world), 0);
  return [
    { name: "intake", waiting: sum((world) => world.waitingRows()), dropped: sum(({ intakeCounts }) => intakeCounts.dropped) },
    { name: "events", waiting: sum(({ events }) => events.counts().waiting), dropped: sum(({ events }) => events.counts().refused) },
    { name: "viewers", waiting: 0, dropped: sum(({ hub }) => hub.skippedFrames) },
    ...(home.transparency === undefined ? [] : [{ name: "transparency" as const, waiting: home.transparency.waiting, dropped: 0 }]),
    ...(telemetry === undefined ? [] : [{ name: "telemetry" as const, waiting: telemetry.waiting, dropped: telemetry.dropped }]),
  ];
}

async function connectionsOf(world: HostedWorld): Promise<ServerState["connections"]> {
  const list = (await world.features.find(connections)?.list()) ?? [];
  return list.map(({ name, protocol, state, samplesPerSecond }) => ({ name, protocol, state, samplesPerSecond }));
}

function problemsOf(world: HostedWorld): readonly Message[] {
  const trouble = storeTroubleOf(world);
  const damaged = (world.history.damages?.() ?? []).length + world.events.damages().length;
  return [
    ...(trouble === undefined ? [] : [message(trouble.isDiskFull ? "server.attentionFull" : "server.attentionRefusing")]),
    ...(damaged > 0 ? [message("server.attentionDamaged", { count: damaged })] : []),
  ];
}
