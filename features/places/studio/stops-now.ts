import { stateLook } from "@doppelwerk/kit/studio";
import type { StateHistory } from "@doppelwerk/kit/studio";

/** A station that stands by itself: one that waits for another is no stop. */
export interface StationStop {
  readonly station: string;
  readonly state: string;
  readonly from: number;
  /** Undefined while it lasts. */
  readonly to?: number;
  /** How much of it was a break. */
  readonly rested?: number;
}

interface Present {
  readonly id: string;
  readonly state: string;
  readonly since: number;
  /** The stop or wait that a break interrupts or parts from its beginning. */
  readonly held?: { readonly state: string; readonly since: number };
}

const STOPS: ReadonlySet<string> = new Set(["failed", "stopped"]);

/** The stations that are stopped, the longest first. A break ends no stop, and one that is there after it began before it. */
export function stopsNow(stations: readonly Present[]): readonly StationStop[] {
  return stations
    .map(({ id, state, since, held }) => ({ id, state: state === "break" && held ? held.state : state, since: held?.since ?? since }))
    .filter(({ state }) => STOPS.has(stateLook(state)))
    .map(({ id, state, since }) => ({ station: id, state, from: since }))
    .toSorted((a, b) => a.from - b.from);
}

/** The stop that ended last among the recorded states of these stations. */
export function lastStop(states: StateHistory, stations: readonly { readonly id: string }[]): StationStop | undefined {
  const ended = stations.flatMap(({ id }) => {
    const spans = acrossBreaks(states.get(id) ?? []);
    return spans.filter(({ state }, at) => at < spans.length - 1 && STOPS.has(stateLook(state))).map((span) => ({ station: id, ...span }));
  });
  return ended.toSorted((a, b) => b.to - a.to)[0];
}

interface Span {
  readonly state: string;
  readonly from: number;
  readonly to: number;
  readonly rested?: number;
}

/** Spans in which a stop that goes on after a break is one, with the time of the break in it; of a micro-stop and a failure it is a failure. */
function acrossBreaks(spans: readonly Span[]): readonly Span[] {
  const joined: Span[] = [];
  for (const { state, from, to } of spans) {
    const [before, rest] = [joined.at(-2), joined.at(-1)];
    if (rest?.state === "break" && before !== undefined && STOPS.has(stateLook(state)) && STOPS.has(stateLook(before.state))) {
      const worst = [before.state, state].find((each) => stateLook(each) === "failed") ?? state;
      const rested = (before.rested ?? 0) + rest.to - rest.from;
      joined.splice(-2, 2, { state: worst, from: before.from, to, rested });
    } else joined.push({ state, from, to });
  }
  return joined;
}

/** How much of a span lies in the breaks. */
export function restedIn(breaks: readonly { readonly from: number; readonly to: number }[], from: number, to: number): number {
  return breaks.reduce((sum, rest) => sum + Math.max(0, Math.min(rest.to, to) - Math.max(rest.from, from)), 0);
}

/** The state at the end of states that each last until the next one: a break ends no stop and no wait. */
export function heldState(
  states: readonly { readonly from: number; readonly state: string }[],
): { readonly state: string; readonly since: number } | undefined {
  let at = states.findLastIndex(({ state }) => state !== "break");
  const last = states[at];
  if (last === undefined) return undefined;
  while (states[at - 1]?.state === "break" && states[at - 2]?.state === last.state) at -= 2;
  return { state: last.state, since: states[at]!.from };
}

const WAITS: ReadonlySet<string> = new Set(["blocked", "starved"]);

export interface Wait {
  readonly state: string;
  readonly from: number;
  readonly to: number;
}

/** The wait of a constraint that ended last among its states, which last until the next one. */
export function lastWait(states: readonly { readonly from: number; readonly state: string }[]): Wait | undefined {
  const at = states.findLastIndex(({ state }, index) => index < states.length - 1 && WAITS.has(stateLook(state)));
  return at === -1 ? undefined : { ...states[at]!, to: states[at + 1]!.from };
}

/** Whether a constraint waits, so that what it waits for is a question. */
export function isWaiting(state: string): boolean {
  return WAITS.has(stateLook(state));
}
