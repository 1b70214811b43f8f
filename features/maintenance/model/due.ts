import { DAY, MINUTE } from "@doppelwerk/kit";
import type { ShiftCalendar, ZoneOffset } from "@doppelwerk/operations";
import { studentQuantile } from "@doppelwerk/sim";
import type { Trigger } from "./plan-kind.ts";

type TimeTrigger = Extract<Trigger, { kind: "time" }>;

/** The instant of a local date and minute; of a time that a change of the clock leaves out, the one after it. */
export function instantOfLocal(day: number, minute: number, offset: ZoneOffset): number {
  const local = day * DAY + minute * MINUTE;
  const guess = local - offset(local) * MINUTE;
  return local - offset(guess) * MINUTE;
}

/** The day number of the date of a cycle, from 0. Months keep the day of the first one, or end with the month. */
function dayOfCycle({ from, every, unit }: TimeTrigger, cycle: number): number {
  const first = new Date(`${from}T00:00:00Z`);
  const dayOf = (time: number): number => Math.round(time / 86_400_000);
  if (unit !== "month") return dayOf(first.getTime()) + cycle * every * (unit === "week" ? 7 : 1);
  const month = first.getUTCMonth() + cycle * every;
  const last = new Date(Date.UTC(first.getUTCFullYear(), month + 1, 0)).getUTCDate();
  return dayOf(Date.UTC(first.getUTCFullYear(), month, Math.min(first.getUTCDate(), last)));
}

/** When a cycle is due. */
export function dueOfCycle(trigger: TimeTrigger, cycle: number, offset: ZoneOffset, calendar: ShiftCalendar | undefined): number {
  const due = instantOfLocal(dayOfCycle(trigger, cycle), trigger.minute, offset);
  if (!trigger.inShift || calendar === undefined || calendar.empty || calendar.segmentAt(due).kind !== "off") return due;
  return calendar.nextShift(due)?.start ?? due;
}

/** The newest cycle whose work order has to be open by now; undefined: none yet. */
export function cycleByTime(
  trigger: TimeTrigger,
  now: number,
  offset: ZoneOffset,
  calendar: ShiftCalendar | undefined,
): number | undefined {
  const opens = (cycle: number): number => dueOfCycle(trigger, cycle, offset, calendar) - trigger.leadDays * DAY;
  if (opens(0) > now) return undefined;
  const days = trigger.every * { day: 1, week: 7, month: 28 }[trigger.unit];
  // the longest months make fewer cycles than this, so it is looked for downwards
  let cycle = Math.floor((now - opens(0)) / (days * DAY)) + 2;
  while (cycle > 0 && opens(cycle) > now) cycle--;
  return cycle;
}

export interface OrderOfPlan {
  readonly cycle: number;
  /** Absent while it is open. */
  readonly endedAt?: number;
}

/**
 * Whether the work order of a cycle is opened: once for a cycle, also after a clock was set back or late data changed the count; none while an earlier one is
 * open; and none for a cycle that fell due before the work was done last (`isDoneSince`), so that work that was late is not asked for twice.
 */
export function opensOrder(cycle: number, orders: readonly OrderOfPlan[], isDoneSince: boolean): boolean {
  if (orders.some(({ endedAt }) => endedAt === undefined)) return false;
  if (orders.some((order) => order.cycle >= cycle)) return false;
  return !(isDoneSince && orders.length > 0);
}

export interface Predicted {
  readonly perDay: number;
  /** Days that the rate is of. */
  readonly n: number;
  /** Days from now: expected, and the interval that has it with 95 %; `high` is absent where it may never be reached. */
  readonly days: number;
  readonly low: number;
  readonly high?: number;
}

/**
 * When what remains is used up, from what was used on each of the last days. The count of a day varies, and its mean is known from n days: what is used in d
 * days lies with 95 % within d·m ± t·s·√(d + d²/n); the bounds are where that band reaches what remains. Undefined of less than two days, or of none used.
 */
export function predicted(remaining: number, daily: readonly number[]): Predicted | undefined {
  const n = daily.length;
  const mean = daily.reduce((sum, value) => sum + value, 0) / n;
  if (n < 2 || !(mean > 0)) return undefined;
  if (remaining <= 0) return { perDay: mean, n, days: 0, low: 0, high: 0 };
  const variance = daily.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  const width = studentQuantile(0.975, n - 1) ** 2 * variance;
  // (R − d·m)² = w·(d + d²/n): a·d² + b·d + R² = 0
  const a = mean ** 2 - width / n;
  const b = -(2 * remaining * mean + width);
  const root = Math.sqrt(Math.max(0, b ** 2 - 4 * a * remaining ** 2));
  const low = (2 * remaining ** 2) / (-b + root);
  const high = a > 0 ? (-b + root) / (2 * a) : undefined;
  return { perDay: mean, n, days: remaining / mean, low, ...(high !== undefined && { high }) };
}
