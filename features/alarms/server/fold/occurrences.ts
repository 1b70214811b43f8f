import type { AlarmEvent, AlarmRule } from "@doppelwerk/operations";
import { MINUTE, SECOND, type Instant } from "@doppelwerk/world";

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

/** An alarm raised within this time after another one belongs to its group, if its rule names none; as in the engine that marks the first out. */
const GROUP: Instant = MINUTE;

/** What an alarm is judged together with, and how long after another one it still follows the first. */
export interface FirstOutGroup {
  readonly name: string;
  readonly within: Instant;
}

/** The group of an alarm: of its line, or within it the one that its rule named when it was raised. */
export function firstOutGroup(line: string, rule: Pick<AlarmRule, "firstOut"> | undefined): FirstOutGroup {
  const { group, withinS } = rule?.firstOut ?? {};
  return group === undefined ? { name: line, within: GROUP } : { name: `${line} ${group}`, within: withinS! * SECOND };
}

/** The raise of the first out of each occurrence that follows one. */
export function firstOuts(
  occurrences: readonly Occurrence[],
  groupOf: (raise: AlarmEvent) => FirstOutGroup,
): ReadonlyMap<Occurrence, Occurrence> {
  const ledBy = new Map<Occurrence, Occurrence>();
  const before = new Map<string, { readonly leader: Occurrence | undefined; readonly last: Instant }>();
  // of one instant the one that is marked comes first
  const inOrder = occurrences.toSorted((a, b) => a.raise.instant - b.raise.instant || Number(b.raise.firstOut) - Number(a.raise.firstOut));
  for (const occurrence of inOrder) {
    const { instant, firstOut } = occurrence.raise;
    const { name, within } = groupOf(occurrence.raise);
    const known = before.get(name);
    // one that may not be read, or was not read, may have led it
    const leader = firstOut ? occurrence : known !== undefined && instant - known.last <= within ? known.leader : undefined;
    if (leader !== undefined && leader !== occurrence) ledBy.set(occurrence, leader);
    before.set(name, { leader, last: instant });
  }
  return ledBy;
}
