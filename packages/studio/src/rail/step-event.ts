import type { Rail } from "@doppelwerk/client";
import { MINUTE } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";

/** What one steps to: an alarm, or anything that is marked on the Rail (alarms, changes, shift starts). */
export type StepKind = "event" | "alarm";

/** The first look is this far; each next one reaches that many times further. */
const FIRST_LOOK: Instant = 30 * MINUTE;
const FURTHER = 8;
const POINTS = 1_200;

export interface StepOptions {
  readonly ask: (from: Instant, to: Instant, points: number) => Promise<Rail>;
  readonly from: Instant;
  readonly direction: 1 | -1;
  readonly kind: StepKind;
  /** Nothing lies before the first or after the last. */
  readonly bounds: { readonly first: Instant; readonly last: Instant };
}

/**
 * The instant of the event after (+1) or before (−1) another one, however far away: what the Rail shows at its scale lumps events together, so the record
 * is asked again, near first. Undefined when there is none.
 */
export async function stepToEvent({ ask, from, direction, kind, bounds }: StepOptions): Promise<Instant | undefined> {
  const end = direction === 1 ? bounds.last : bounds.first;
  let reach = FIRST_LOOK;
  for (let at = from; (end - at) * direction > 0; reach *= FURTHER) {
    const next = direction === 1 ? Math.min(at + reach, end) : Math.max(at - reach, end);
    const [start, stop] = direction === 1 ? [at, next] : [next, at];
    const found = nearest(await ask(start, stop + 1, POINTS), from, direction, kind);
    // of marks that were lumped together the first one tells the time: looked at closely, the last of them is told too
    if (found !== undefined) return direction === 1 ? found : closely(ask, found, Math.ceil((stop - start) / POINTS), from, kind);
    at = next;
  }
  return undefined;
}

async function closely(ask: StepOptions["ask"], found: Instant, width: Instant, from: Instant, kind: StepKind): Promise<Instant> {
  const rail = await ask(found, Math.min(found + width + 1, from), POINTS);
  return Math.max(found, nearest(rail, from, -1, kind) ?? found);
}

function nearest(rail: Rail, instant: Instant, direction: 1 | -1, kind: StepKind): Instant | undefined {
  const events = rail.alarms.flatMap(({ at, priority }) => (priority < 4 ? [at] : []));
  if (kind === "event") {
    for (const { at } of rail.changes) events.push(at);
    for (const { from } of rail.shifts) if (from >= rail.from && from < rail.to) events.push(from);
  }
  let best: Instant | undefined;
  for (const at of events) {
    if ((at - instant) * direction <= 0) continue;
    if (best === undefined || (at - best) * direction < 0) best = at;
  }
  return best;
}
