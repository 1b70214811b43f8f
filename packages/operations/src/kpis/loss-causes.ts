import { SECOND, type Instant } from "@doppelwerk/world";
import type { FlowDefinition } from "../definition/line-definition.ts";

/** Spans of states of a station, in order of time, without overlap; only those in planned time. */
export interface StationSpans {
  readonly station: string;
  readonly spans: readonly { readonly from: Instant; readonly to: Instant; readonly state: string; readonly cause: string }[];
}

/** Why the constraint did not work: its own state, or whom it waited for. */
export interface LossCause {
  readonly state: string;
  /** Of a wait: the station that it waited for, not itself waiting in the same direction, and what that one did. */
  readonly station?: string;
  readonly stationState?: string;
  /** Of a wait for no station: a utility, material or people, as the machine says; `outside` = what is before or behind the line. */
  readonly cause?: string;
  /** Code of what people gave as the reason of the stop behind it. */
  readonly reason?: string;
}

export interface LossOccurrences extends LossCause {
  readonly seconds: number;
  readonly count: number;
  readonly longest: { readonly from: Instant; readonly to: Instant };
}

/** A span in which the constraint did not work, with why. */
export interface LossPiece extends LossCause {
  readonly from: Instant;
  readonly to: Instant;
}

/** Causes that a machine says itself and that no neighbour explains better. */
export const REPORTED_CAUSES: ReadonlySet<string> = new Set(["utility", "material", "operator"]);
const STOPPED: ReadonlySet<string> = new Set(["failed", "microStop", "setUp", "maintenance", "off"]);

/** The spans of the constraint by cause (`lossPieces`), the longest sum first. */
export function lossCauses(constraint: string, stations: readonly StationSpans[], flows: Flows): readonly LossOccurrences[] {
  return lossOccurrences(lossPieces(constraint, stations, flows));
}

/** Pieces in order of time by cause, the longest sum first. */
export function lossOccurrences(pieces: readonly LossPiece[]): readonly LossOccurrences[] {
  const found = new Map<string, Occurrences>();
  for (const { from, to, stationState, ...cause } of pieces) {
    const key = lossKey(cause);
    const known = found.get(key) ?? new Occurrences(cause);
    found.set(key, known);
    known.add(from, to, stationState);
  }
  return [...found.values()].map((each) => each.result()).toSorted((a, b) => b.seconds - a.seconds);
}

/** The same for what is one row of the budget: `failed`, `blocked.S110`, `starved:material`, `failed@technical.jam`. */
export function lossKey({ state, station, cause, reason }: Pick<LossCause, "state" | "station" | "cause" | "reason">): string {
  const key = station === undefined ? (cause === undefined ? state : `${state}:${cause}`) : `${state}.${station}`;
  return reason === undefined ? key : `${key}@${reason}`;
}

/**
 * The spans in which the constraint did not work, in order of time, with their cause. A blocked one is followed downstream, a starved one upstream, along
 * the flows, as long as the next station waits in the same direction: the first that does not is the cause. Where several stations feed or follow, one that
 * is stopped is taken first, then one that waits too, then the one of the main flow.
 */
export function lossPieces(constraint: string, stations: readonly StationSpans[], flows: Flows): readonly LossPiece[] {
  const found: LossPiece[] = [];
  const now = new Map<string, { state: string; cause: string }>();
  const steps = stations
    .flatMap(({ station, spans }) =>
      spans.flatMap(({ from, to, state, cause }) => [
        { at: from, station, begins: { state, cause } },
        { at: to, station, begins: undefined },
      ]),
    )
    // at one instant the end of a span comes before the beginning of the next
    .toSorted((a, b) => a.at - b.at || Number(a.begins !== undefined) - Number(b.begins !== undefined));
  for (const [index, { at, station, begins }] of steps.entries()) {
    if (begins === undefined) now.delete(station);
    else now.set(station, begins);
    const to = steps[index + 1]?.at ?? at;
    const own = now.get(constraint);
    if (to <= at || own === undefined || own.state === "working") continue;
    found.push({ from: at, to, ...causeOf(constraint, own, now, flows) });
  }
  return found;
}

export type Flows = readonly Pick<FlowDefinition, "from" | "to" | "kind">[];
type StatesNow = ReadonlyMap<string, { readonly state: string; readonly cause: string }>;

function causeOf(
  constraint: string,
  { state, cause }: { readonly state: string; readonly cause: string },
  now: StatesNow,
  flows: Flows,
): LossCause {
  if (state !== "blocked" && state !== "starved") return { state };
  if (REPORTED_CAUSES.has(cause)) return { state, cause };
  const seen = new Set([constraint]);
  for (let at: string | undefined = nextOf(constraint, state, seen, now, flows); at !== undefined;) {
    const found = now.get(at)?.state ?? "unknown";
    if (found !== state) return { state, station: at, stationState: found };
    seen.add(at);
    at = nextOf(at, state, seen, now, flows);
  }
  return { state, cause: "outside" };
}

/** The station that one which waits in a direction waits for; undefined at the end of the line, and where the flow goes in a circle. */
// oxlint-disable-next-line max-params -- a step of one walk
export function nextOf(station: string, state: string, seen: ReadonlySet<string>, now: StatesNow, flows: Flows): string | undefined {
  const beside = flows
    .filter(({ from, to }) => (state === "blocked" ? from : to) === station)
    // stable: the main flow first
    .toSorted((a, b) => Number(b.kind === "main") - Number(a.kind === "main"))
    .map(({ from, to }) => (state === "blocked" ? to : from))
    .filter((id) => !seen.has(id));
  return beside.find((id) => STOPPED.has(now.get(id)?.state ?? "")) ?? beside.find((id) => now.get(id)?.state === state) ?? beside.at(0);
}

/** Of one cause. Pieces that touch are one occurrence. */
class Occurrences {
  readonly #cause: Omit<LossCause, "stationState">;
  readonly #stationStates = new Map<string, number>();
  #microseconds = 0;
  #count = 0;
  #open = { from: 0, to: -1 };
  #longest = { from: 0, to: 0 };

  constructor(cause: Omit<LossCause, "stationState">) {
    this.#cause = cause;
  }

  add(from: Instant, to: Instant, stationState: string | undefined): void {
    this.#microseconds += to - from;
    if (stationState !== undefined) this.#stationStates.set(stationState, (this.#stationStates.get(stationState) ?? 0) + to - from);
    if (this.#open.to === from) this.#open = { from: this.#open.from, to };
    else {
      this.#open = { from, to };
      this.#count += 1;
    }
    if (this.#open.to - this.#open.from > this.#longest.to - this.#longest.from) this.#longest = this.#open;
  }

  result(): LossOccurrences {
    // what the station did for the longest part of it
    const [most] = [...this.#stationStates].toSorted(([, a], [, b]) => b - a);
    return {
      ...this.#cause,
      ...(most === undefined ? {} : { stationState: most[0] }),
      seconds: this.#microseconds / SECOND,
      count: this.#count,
      longest: this.#longest,
    };
  }
}
