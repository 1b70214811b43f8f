import { verbatim } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { AlarmFold, LineModels, ShiftFiguresValue } from "@doppelwerk/ports";
import { changedKind, LIVE, type Instant } from "@doppelwerk/world";
import type { ShiftPage } from "../contract.ts";

const MAX_ALARMS = 3;
const MAX_REJECTED = 200;
const MAX_CHANGES = 20;

interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

/** What was raised most often in a span, of alarms whose signals may all be read. */
export async function frequentAlarms(fold: AlarmFold | undefined, view: PlantView, { from, to }: Span, stations: ReadonlySet<string>) {
  const found = (await fold?.transitions(from, to, undefined, { mayRead: (signal) => view.mayReadSignal(signal) })) ?? [];
  const counts = new Map<string, ShiftPage["alarms"][number]>();
  for (const { alarm } of found) {
    if (alarm.state !== "unacknowledged" || !stations.has(alarm.station)) continue;
    const key = `${alarm.rule} ${alarm.station}`;
    const known = counts.get(key);
    counts.set(key, {
      title: alarm.title,
      station: alarm.station,
      count: (known?.count ?? 0) + 1,
      first: Math.min(known?.first ?? alarm.since, alarm.since),
    });
  }
  return [...counts.values()].toSorted((a, b) => b.count - a.count || a.first - b.first).slice(0, MAX_ALARMS);
}

export async function rejectedParts(view: PlantView, { from, to }: Span, stations: ReadonlySet<string>): Promise<ShiftPage["rejected"]> {
  const { events } = await view.events.query({ branch: LIVE, types: ["part.rejected"], from, to, limit: 1_000 });
  return events
    .flatMap(({ at, payload: { serial, station, tries } }) =>
      typeof station === "string" && stations.has(station) ? [{ serial: String(serial), station, at, tries: Number(tries) || 1 }] : [],
    )
    .slice(0, MAX_REJECTED);
}

/** Kinds of documents that stand elsewhere on the page, or say nothing of the plant. */
const ELSEWHERE: ReadonlySet<string> = new Set(["stopCoding", "handoverNote", "handoverSignature", "spanNote", "comment", "mergeRequest"]);
const PAGE_OF_LOG = 200;
const MAX_PAGES = 10;

/** Changes of documents of the live plant, oldest first, with who made them; of a shift that lies far back those that its newest 2,000 entries have. */
export async function changesWithin(view: PlantView, { from, to }: Span, nameOf: (actor: string) => string): Promise<ShiftPage["changes"]> {
  const found: ShiftPage["changes"][number][] = [];
  let before = Number.MAX_SAFE_INTEGER;
  for (let page = 0; page < MAX_PAGES; page++) {
    const entries = await view.logBefore(before, PAGE_OF_LOG);
    for (const { time, branch, changes, reason, message, actor } of entries) {
      if (branch !== LIVE || time < from || time >= to || actor.startsWith("system")) continue;
      if (changes.some((change) => !ELSEWHERE.has(changedKind(change))))
        found.push({ at: time, title: message ?? verbatim(reason), by: nameOf(actor) });
    }
    const oldest = entries.at(-1);
    if (oldest === undefined || oldest.time < from || entries.length < PAGE_OF_LOG) break;
    before = oldest.revision;
  }
  return found.slice(0, MAX_CHANGES).toReversed();
}

export async function driftsOf(models: LineModels | undefined, line: string): Promise<Pick<ShiftPage, "drifts" | "driftsSince">> {
  const drift = await models?.drift(undefined, line);
  // where nothing can be compared yet there is nothing to watch
  if (drift === undefined || drift.shifts === 0) return { drifts: [] };
  return { drifts: drift.drifts, ...(drift.since !== undefined && { driftsSince: drift.since }) };
}

export function nearOf({ name, from, to, good }: ShiftFiguresValue): ShiftPage["like"][number] {
  return { name, from, to, good };
}
