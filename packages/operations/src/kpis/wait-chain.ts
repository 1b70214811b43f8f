import type { Instant } from "@doppelwerk/world";
import { nextOf, REPORTED_CAUSES, type Flows, type StationSpans } from "./loss-causes.ts";

/** A station in a chain of waits: what it does, since when, and what it waits for if that is no station. */
export interface WaitStep {
  readonly station: string;
  readonly state: string;
  /** Absent: it began before the spans that are known. */
  readonly since?: Instant;
  /** What the machine says that it waits for (`utility`, `material`, `operator`), or `outside`: what is before or behind the line. */
  readonly cause?: string;
}

/**
 * Why a station waits at the end of its spans: itself first, then whom it waits for, and so on until a station that does not wait, one that says itself what it
 * lacks, or the end of the line. A blocked one is followed downstream, a starved one upstream (O68). One step where it does not wait.
 * @param spans of all stations, up to one instant
 */
export function waitChain(station: string, stations: readonly StationSpans[], flows: Flows): readonly WaitStep[] {
  const until = Math.max(...stations.map(({ spans }) => spans.at(-1)?.to ?? Number.NEGATIVE_INFINITY));
  const ofStation = new Map(stations.map((each) => [each.station, each.spans]));
  const now = new Map(
    stations.flatMap((each) => {
      const last = each.spans.at(-1);
      return last === undefined || last.to < until ? [] : [[each.station, last] as const];
    }),
  );
  const steps: WaitStep[] = [];
  const seen = new Set<string>();
  for (let at: string | undefined = station; at !== undefined;) {
    seen.add(at);
    const { state, cause } = now.get(at) ?? { state: "unknown", cause: "unknown" };
    const since = sinceWhen(ofStation.get(at) ?? [], state);
    const step = { station: at, state, ...(since !== undefined && { since }) };
    if (state !== "blocked" && state !== "starved") return [...steps, step];
    if (REPORTED_CAUSES.has(cause)) return [...steps, { ...step, cause }];
    at = nextOf(at, state, seen, now, flows);
    steps.push(at === undefined ? { ...step, cause: "outside" } : step);
  }
  return steps;
}

/** Where the last state began, across what parts it; undefined where it holds since before the first span. */
function sinceWhen(spans: StationSpans["spans"], state: string): Instant | undefined {
  const before = spans.findLastIndex((span) => span.state !== state);
  return before === -1 ? undefined : spans[before + 1]?.from;
}
