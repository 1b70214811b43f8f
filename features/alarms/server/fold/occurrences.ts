import type { AlarmEvent } from "@doppelwerk/operations";
import { MINUTE, type Instant } from "@doppelwerk/world";

/** One annunciation of a rule with what became of it, joined from its steps. */
export interface Occurrence {
  /** The step that raised it. */
  readonly raise: AlarmEvent;
  /** Its last step. */
  readonly last: AlarmEvent;
  /** When its condition returned to normal. */
  readonly returned?: Instant;
  readonly acknowledged?: Instant;
  /** Who acknowledged it. */
  readonly actor?: string;
  /** When it was shelved, suppressed by design or taken out of service: from then on it no longer annunciates. */
  readonly suppressed?: Instant;
  /** When its rule was raised again before anybody acknowledged it. */
  readonly raisedAgain?: Instant;
}

type Open = { -readonly [Field in keyof Occurrence]: Occurrence[Field] };

/** The occurrences of one rule from its steps in order of time; steps before the first raise belong to one that is not among them. */
export function occurrencesOf(steps: readonly AlarmEvent[]): Occurrence[] {
  const found: Open[] = [];
  let open: Open | undefined;
  for (const step of steps) {
    if (step.action === "alarm" && open?.raise.instant !== step.instant) {
      if (open !== undefined) open.raisedAgain = step.instant;
      open = { raise: step, last: step };
      found.push(open);
    } else if (open !== undefined) {
      apply(open, step);
      if (step.state === "normal" || open.suppressed !== undefined) open = undefined;
    }
  }
  return found;
}

function apply(open: Open, step: AlarmEvent): void {
  open.last = step;
  if (step.action === "return" || step.action === "latchedReturn") open.returned = step.instant;
  // it returned and was raised at one instant: it lasts
  else if (step.action === "alarm") delete open.returned;
  else if (step.action === "acknowledge" || step.action === "reset") {
    open.acknowledged ??= step.instant;
    if (step.actor !== undefined) open.actor ??= step.actor;
  } else if (step.action === "shelve" || step.action === "suppress" || step.action === "takeOut") open.suppressed = step.instant;
}

/** Whether a later step may belong to it. */
export function isOpen({ last, suppressed, raisedAgain }: Occurrence): boolean {
  return last.state !== "normal" && suppressed === undefined && raisedAgain === undefined;
}

/** An alarm raised within this time after another one belongs to its group; as in the engine that marks the first out. */
const GROUP: Instant = MINUTE;

/** The raise of the first out of each occurrence that follows one. `groupOf` names what is judged together: alarms of different lines make no group. */
export function firstOuts(occurrences: readonly Occurrence[], groupOf: (rule: string) => string): ReadonlyMap<Occurrence, Occurrence> {
  const ledBy = new Map<Occurrence, Occurrence>();
  const before = new Map<string, { readonly leader: Occurrence | undefined; readonly last: Instant }>();
  // of one instant the one that is marked comes first
  const inOrder = occurrences.toSorted((a, b) => a.raise.instant - b.raise.instant || Number(b.raise.firstOut) - Number(a.raise.firstOut));
  for (const occurrence of inOrder) {
    const { instant, firstOut, rule } = occurrence.raise;
    const group = groupOf(rule);
    const known = before.get(group);
    // one that may not be read, or was not read, may have led it
    const leader = firstOut ? occurrence : known !== undefined && instant - known.last <= GROUP ? known.leader : undefined;
    if (leader !== undefined && leader !== occurrence) ledBy.set(occurrence, leader);
    before.set(group, { leader, last: instant });
  }
  return ledBy;
}
