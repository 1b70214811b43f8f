import { clockText, durationText, momentText, numberText, withUnit } from "@doppelwerk/kit/studio";
import type { Language, Translate, Zone } from "@doppelwerk/kit/studio";
import { DAY } from "@doppelwerk/world";
import type { AlarmOccurrence } from "../../contract.ts";
import { endOf, type ListedOccurrence } from "./listed.ts";
import { isUnacknowledged } from "./grouped.ts";

export interface Words {
  readonly t: Translate;
  readonly language: Language;
  readonly zone: Zone;
  /** The instant shown. */
  readonly now: number;
}

/** `5.43 bar below 5.5`; undefined where the title says it all, as with states. */
const WITHOUT_VALUE: ReadonlySet<string> = new Set(["state", "noData", "condition", "expression", "sequence", "nOfM", "repeated"]);

/** On which side of its limit a value is. */
function sideOf(condition: NonNullable<AlarmOccurrence["condition"]>): "high" | "low" | "deviation" | "rate" {
  if (condition === "high" || condition === "highHigh") return "high";
  if (condition === "low" || condition === "lowLow") return "low";
  return condition === "rate" ? "rate" : "deviation";
}

export function valueSentence({ value, unit, limit, condition }: AlarmOccurrence, t: Translate): string | undefined {
  if (value === undefined || (condition !== undefined && WITHOUT_VALUE.has(condition))) return undefined;
  // words of a state, where the rule was edited since
  if (condition === undefined && /^[a-zA-Z]+$/.test(value)) return undefined;
  const measured = withUnit(value, unit);
  if (limit === undefined || condition === undefined || condition === "value") return measured;
  return t(`alarms.measured.${sideOf(condition)}`, { value: measured, limit: withUnit(numberText(limit), unit) });
}

/** The clock; with the day where it is not of the last one. */
export function whenText(instant: number, { language, zone, now }: Words, seconds = false): string {
  return isDated(instant, now) ? momentText(instant, zone, language, seconds) : clockText(instant, zone, seconds);
}

/** Whether an instant is so far from the one shown that its clock alone would be taken for another day's. */
export function isDated(instant: number, now: number): boolean {
  return Math.abs(now - instant) >= (20 * DAY) / 24;
}

/** How long it lasted, or since when it is active. */
export function lastedText(occurrence: AlarmOccurrence, words: Words): string {
  const end = endOf(occurrence);
  if (end !== undefined) return durationText(end - occurrence.raised, words.language);
  return words.t("alarms.activeSince", { when: whenText(occurrence.raised, words) });
}

/** Who acknowledged it, else until when somebody has to, else what became of it. */
export function acknowledgedText(row: ListedOccurrence, words: Words): string {
  if (row.isGone === true) return words.t("alarms.gone");
  if (row.suppressed !== undefined) return asideText({ ...row, suppressed: row.suppressed }, words);
  const { acknowledged, by, automatic, raisedAgain, respondBy, returned, state } = row;
  const { t, language, now } = words;
  if (acknowledged !== undefined && automatic === true)
    return t("alarms.acknowledgedAutomatically", { when: whenText(acknowledged, words) });
  if (acknowledged !== undefined) return `${by ?? ""} ${whenText(acknowledged, words)}`.trim();
  if (raisedAgain !== undefined) return t("alarms.raisedAgain", { when: whenText(raisedAgain, words) });
  if (!isUnacknowledged(row)) return state === "latched" ? t("alarms.state.latched") : "";
  if (returned !== undefined) return t("alarms.returnedAt", { when: whenText(returned, words) });
  if (respondBy === undefined) return t("alarms.state.unacknowledged");
  return respondBy < now
    ? t("alarms.overdue", { duration: durationText(now - respondBy, language) })
    : t("alarms.respondBy", { when: whenText(respondBy, words) });
}

/** Who set it aside, until when and why: `Shelved: Ada, until 11:46: sensor flutters`. Suppressed by design it says since when. */
export function asideText(
  row: Pick<AlarmOccurrence, "state" | "suppressedBy" | "shelvedUntil" | "reason"> & { readonly suppressed: number },
  words: Words,
): string {
  const { t } = words;
  const state = t(`alarms.state.${row.state}`);
  const until = row.shelvedUntil === undefined ? undefined : t("alarms.until", { when: whenText(row.shelvedUntil, words) });
  const who = [row.suppressedBy, until ?? whenText(row.suppressed, words)].filter(Boolean).join(", ");
  return [`${state}: ${who}`, ...(row.reason === undefined ? [] : [row.reason])].join(" · ");
}

/** Whether the time to respond has passed without anybody acknowledging it. */
export function isOverdue(row: ListedOccurrence, now: number): boolean {
  return row.state === "unacknowledged" && isUnacknowledged(row) && row.respondBy !== undefined && row.respondBy < now;
}
