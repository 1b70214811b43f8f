import { message, verbatim, type Message } from "@doppelwerk/messages";
import type { ServerState } from "./server-state-contract.ts";
import { EVERY_MS } from "./server-watch.ts";

export interface Attention {
  readonly level: "error" | "warning";
  readonly message: Message;
}

const DAY = 86_400_000_000;
const HOUR = DAY / 24;
const EXPIRES_SOON = 30 * DAY;
/** What renews itself when two thirds of its 90 days are over was not. */
const NOT_RENEWED = 20 * DAY;
const SLOW_LOOP_MS = 200;
const SLOW_ANSWERS_MS = 1_000;
const FAILED_SIGN_INS = 20;
const CLOCK_OFF_MS = 1_000;
const FREE_BYTES = 2_000_000_000;

/** What was given up since the start. */
const GIVEN_UP = {
  events: (count: number) => message("server.attentionDropped.events", { count }),
  viewers: (count: number) => message("server.attentionDropped.viewers", { count }),
  transparency: (count: number) => message("server.attentionDropped.transparency", { count }),
  telemetry: (count: number) => message("server.attentionDropped.telemetry", { count }),
};

/** What somebody should look at now, errors first. A threshold that is passed says its figure. */
export function attentionOf(
  state: Omit<ServerState, "attention" | "log">,
  problems: readonly Message[],
  signInsAlert = FAILED_SIGN_INS,
): readonly Attention[] {
  return [
    ...problems.map((problem) => ({ level: "error", message: problem }) as const),
    ...storage(state),
    ...backup(state),
    ...released(state),
    ...flow(state),
    ...signedIn(state, signInsAlert),
    ...expiring(state),
    ...unproven(state),
    ...traced(state),
    ...forwarded(state),
    ...scanned(state),
    ...timed(state),
    ...connected(state),
  ].toSorted((a, b) => Number(b.level === "error") - Number(a.level === "error"));
}

function* storage({ store: { freeBytes } }: Pick<ServerState, "store">): Iterable<Attention> {
  if (freeBytes !== undefined && freeBytes < FREE_BYTES)
    yield warning(message("server.attentionDisk", { megabytes: Math.floor(freeBytes / 1e6) }));
}

function* backup({ backup: last, at }: Pick<ServerState, "backup" | "at">): Iterable<Attention> {
  if (last?.everyHours === undefined) return;
  if (last.at === undefined) yield warning(message("server.attentionNoBackup"));
  else if (at - last.at > last.everyHours * HOUR)
    yield warning(message("server.attentionBackup", { hours: Math.floor((at - last.at) / HOUR), every: last.everyHours }));
}

function* released({ releases }: Pick<ServerState, "releases">): Iterable<Attention> {
  if (releases === undefined) return;
  const { newer, failure, address } = releases;
  if (newer?.isSecurity === true) yield error(message("server.attentionSecurityRelease", { version: newer.version }));
  else if (newer !== undefined) yield warning(message("server.attentionRelease", { version: newer.version, day: newer.published }));
  if (failure !== undefined) yield warning(message("server.attentionReleases", { address, reason: failure as Message }));
}

function* flow({ rates, queues, latencies }: Pick<ServerState, "rates" | "queues" | "latencies">): Iterable<Attention> {
  const lost = rates.droppedPerSecond.points.reduce((sum, each) => sum + each, 0) * (EVERY_MS / 1_000);
  if (lost >= 1) yield error(message("server.attentionDropped", { count: Math.round(lost) }));
  for (const { name, dropped } of queues) if (dropped > 0 && name !== "intake") yield warning(GIVEN_UP[name](dropped));
  if (latencies.eventLoopP99Ms > SLOW_LOOP_MS)
    yield warning(message("server.attentionLoop", { milliseconds: Math.round(latencies.eventLoopP99Ms) }));
  const { requests } = latencies;
  if (requests !== undefined && requests.p95Ms > SLOW_ANSWERS_MS)
    yield warning(message("server.attentionAnswers", { milliseconds: Math.round(requests.p95Ms) }));
  if (requests !== undefined && requests.failed > 0) yield warning(message("server.attentionFailed", { count: requests.failed }));
}

function* signedIn({ signIns }: Pick<ServerState, "signIns">, alert: number): Iterable<Attention> {
  if (signIns !== undefined && signIns.failedLastHour >= alert)
    yield warning(message("server.attentionSignIns", { count: signIns.failedLastHour }));
}

/** Whose certificate it is, in the sentence. */
const HOLDERS = {
  authority: (name: string) => message("server.certificateOf.authority", { name }),
  machine: (name: string) => message("server.certificateOf.machine", { name }),
  connection: (name: string) => message("server.certificateOf.connection", { name }),
  given: (name: string) => message("server.certificateOf.given", { name }),
  plant: (name: string) => message("server.certificateOf.plant", { name }),
  provider: (name: string) => message("server.certificateOf.provider", { name }),
};

function* expiring({ certificates, at }: Pick<ServerState, "certificates" | "at">): Iterable<Attention> {
  for (const { of, name: called, until, failure } of certificates) {
    const name = of === "https" ? called : HOLDERS[of](called);
    if (failure !== undefined) yield error(message("server.attentionNotRenewed", { name, reason: failure }));
    const days = Math.floor((until - at) / DAY);
    if (until <= at) yield error(message("server.attentionExpired", { name }));
    else if (until - at < (of === "machine" || of === "connection" ? NOT_RENEWED : EXPIRES_SOON))
      yield warning(message("server.attentionExpires", { name, days }));
  }
}

function* traced({ telemetry }: Pick<ServerState, "telemetry">): Iterable<Attention> {
  if (telemetry?.failing !== undefined)
    yield warning(message("server.attentionTelemetry", { address: telemetry.address, reason: verbatim(telemetry.failing.reason) }));
}

function* forwarded({ forwarding }: Pick<ServerState, "forwarding">): Iterable<Attention> {
  if (forwarding?.failing === undefined) return;
  const { address, waiting, failing } = forwarding;
  yield error(message("server.attentionForwarding", { address, waiting, reason: verbatim(failing.reason) }));
}

function* scanned({ scanner }: Pick<ServerState, "scanner">): Iterable<Attention> {
  if (scanner?.failing !== undefined)
    yield error(message("server.attentionScanner", { address: scanner.address, reason: verbatim(scanner.failing.reason) }));
}

function* timed({ clock }: Pick<ServerState, "clock">): Iterable<Attention> {
  if (clock === undefined) return;
  const { server, aheadMs = 0, failure } = clock;
  if (Math.abs(aheadMs) >= CLOCK_OFF_MS)
    yield error(message("server.attentionClock", { seconds: Math.round(Math.abs(aheadMs) / 1_000), server }));
  if (failure !== undefined) yield warning(message("server.attentionTimeServer", { server, reason: verbatim(failure) }));
}

const UNPROVEN = {
  cosigned: (reason: Message) => message("proof.attentionCosigned", { reason }),
  stamped: (reason: Message) => message("proof.attentionStamped", { reason }),
  anchored: (reason: Message) => message("proof.attentionAnchored", { reason }),
};

function* unproven({ proof = [] }: Pick<ServerState, "proof">): Iterable<Attention> {
  for (const { kind, failure } of proof) if (failure !== undefined) yield warning(UNPROVEN[kind](failure as Message));
}

function* connected({ connections, worlds }: Pick<ServerState, "connections" | "worlds">): Iterable<Attention> {
  for (const { name, state } of connections)
    if (state === "failed" || state === "reconnecting") yield warning(message("server.attentionConnection", { name }));
  for (const { name, state } of worlds) if (state === "failed") yield error(message("server.attentionWorld", { name }));
}

function warning(text: Message): Attention {
  return { level: "warning", message: text };
}

function error(text: Message): Attention {
  return { level: "error", message: text };
}
