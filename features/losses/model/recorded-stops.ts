import type { Instant } from "@doppelwerk/world";

/** A span of a state of a station in planned time. */
export interface RecordedSpan {
  readonly from: Instant;
  readonly to: Instant;
  readonly state: string;
  readonly cause: string;
}

/** A stop or a wait as it was recorded: spans of one state, which a break or a change of its cause may part. */
export interface RecordedStop {
  readonly from: Instant;
  readonly to: Instant;
  readonly state: string;
  readonly cause: string;
  readonly spans: readonly RecordedSpan[];
}

/** How long a stop is decides only at its end whether it is a micro-stop. */
const kindOf = (state: string): string => (state === "microStop" ? "failed" : state);

/**
 * The stops of a station from its spans in planned time, in order of time. What lies between two spans of one state is no planned time, or nothing that was
 * recorded: it is one stop. Where the station worked it is two.
 */
export function recordedStops(spans: readonly RecordedSpan[]): readonly RecordedStop[] {
  const stops: RecordedStop[] = [];
  let open: RecordedStop | undefined;
  for (const span of spans) {
    if (span.to <= span.from) continue;
    if (span.state === "working") {
      open = undefined;
      continue;
    }
    if (open !== undefined && kindOf(open.state) === kindOf(span.state)) {
      open = { ...open, to: span.to, state: span.state, spans: [...open.spans, span] };
      stops[stops.length - 1] = open;
    } else {
      const { from, to, state, cause } = span;
      open = { from, to, state, cause, spans: [span] };
      stops.push(open);
    }
  }
  return stops.map((stop) => ({ ...stop, cause: longestCause(stop.spans) }));
}

function longestCause(spans: readonly RecordedSpan[]): string {
  const times = new Map<string, number>();
  for (const { cause, from, to } of spans) times.set(cause, (times.get(cause) ?? 0) + to - from);
  return [...times].toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? "unknown";
}
