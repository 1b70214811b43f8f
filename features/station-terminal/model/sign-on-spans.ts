import { HOUR, type Instant } from "@doppelwerk/kit";

/** Somebody who forgot to sign off is not there any more after that. */
export const MAX_SIGN_ON: Instant = 16 * HOUR;

export interface SignOnFact {
  readonly kind: "on" | "off";
  readonly entry: string;
  readonly person: string;
  readonly station: string;
  readonly at: Instant;
}

export interface SignOnSpan {
  readonly id: string;
  readonly person: string;
  readonly station: string;
  readonly from: Instant;
  readonly to?: Instant;
  readonly isAssumedEnd?: true;
}

/**
 * Who was where, from what was recorded, in order of time. A person is at one station at a time: who signs on elsewhere has left, and so has who did not sign
 * off for 16 hours. What comes late counts at its own time.
 */
export function signOnSpans(facts: readonly SignOnFact[], now: Instant): readonly SignOnSpan[] {
  const spans: SignOnSpan[] = [];
  const open = new Map<string, SignOnSpan>();
  const end = (span: SignOnSpan, to: Instant, isAssumed: boolean): void => {
    open.delete(span.person);
    const last = span.from + MAX_SIGN_ON;
    if (to > last) spans.push({ ...span, to: last, isAssumedEnd: true });
    else spans.push({ ...span, to, ...(isAssumed && { isAssumedEnd: true as const }) });
  };
  for (const { kind, entry, person, station, at } of facts.toSorted((a, b) => a.at - b.at || (a.entry < b.entry ? -1 : 1))) {
    const present = open.get(person);
    if (kind === "off") {
      if (present?.station === station) end(present, at, false);
      continue;
    }
    if (present?.station === station && at <= present.from + MAX_SIGN_ON) continue;
    if (present !== undefined) end(present, at, true);
    open.set(person, { id: entry, person, station, from: at });
  }
  for (const span of open.values()) {
    if (now > span.from + MAX_SIGN_ON) end(span, now, true);
    else spans.push(span);
  }
  return spans.toSorted((a, b) => a.from - b.from || (a.id < b.id ? -1 : 1));
}
