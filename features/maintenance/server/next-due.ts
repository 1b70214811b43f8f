import { DAY, message, type Message } from "@doppelwerk/kit";
import type { FeatureContext, PlantView } from "@doppelwerk/kit/server";
import { alarmRecord, lineFlow } from "@doppelwerk/ports";
import { createShiftCalendar, zoneOffsetOf, type LineDefinition, type ShiftCalendar, type StationDefinition } from "@doppelwerk/operations";
import type { Instant } from "@doppelwerk/world";
import type { maintenance } from "../feature.ts";
import type {} from "../message-codes.ts";
import { cycleByTime, dueOfCycle, predicted, type OrderOfPlan, type Predicted } from "../model/due.ts";
import type { PlanFields, Trigger } from "../model/plan-kind.ts";
import { usageSignal, type Usage } from "./usage.ts";

/** Days that a rate is of, at most. */
const RATE_DAYS = 28;

export interface Due {
  /** The newest cycle that fell due, and when, where that is known. */
  readonly cycle?: number;
  readonly cycleDue?: Instant;
  /** It fell due before the work was done last. */
  readonly isDoneSince: boolean;
}

export interface NextDue {
  readonly at?: Instant;
  readonly low?: Instant;
  readonly high?: Instant;
  /** Of count and condition: what was used, or how often it came, and what remains. */
  readonly used?: number;
  readonly remaining?: number;
  readonly rate?: Predicted;
  /** Why it is not known. */
  readonly why?: Message;
}

interface Place {
  readonly line: LineDefinition;
  readonly station: StationDefinition;
  readonly calendar: ShiftCalendar;
}

/** When plans are due: by the calendar, by what stations were used, by alarms. */
export class DuePlans {
  readonly #ctx: FeatureContext<typeof maintenance>;
  readonly #usage: Usage;

  constructor(ctx: FeatureContext<typeof maintenance>, usage: Usage) {
    this.#ctx = ctx;
    this.#usage = usage;
  }

  /** What fell due by now; undefined where nothing did, or it is not known. */
  async fallen({ station, trigger }: PlanFields, orders: readonly OrderOfPlan[], now: Instant): Promise<Due | undefined> {
    const lastEnd = Math.max(0, ...orders.map(({ endedAt }) => endedAt ?? 0));
    if (trigger.kind === "condition") return this.#fallenByCondition(trigger, lastEnd, now);
    const place = await this.#place(station);
    if (place === undefined) return undefined;
    if (trigger.kind === "time") {
      const offset = zoneOffsetOf(place.line.timeZone);
      const cycle = cycleByTime(trigger, now, offset, place.calendar);
      if (cycle === undefined) return undefined;
      const cycleDue = dueOfCycle(trigger, cycle, offset, place.calendar);
      return { cycle, cycleDue, isDoneSince: cycleDue <= lastEnd };
    }
    const signal = usageSignal(place.station, trigger.counter);
    if (signal === undefined) return undefined;
    const { used, isKnown } = await this.#usage.between(signal, station, trigger.counter, trigger.from, now);
    const cycle = Math.floor(used / trigger.every);
    if (!isKnown || cycle < 1) return undefined;
    if (lastEnd <= trigger.from) return { cycle, isDoneSince: false };
    const before = await this.#usage.between(signal, station, trigger.counter, trigger.from, lastEnd);
    return { cycle, isDoneSince: Math.floor(before.used / trigger.every) >= cycle };
  }

  /** When it is due next, as the view may know it. */
  async next(view: PlantView, plan: PlanFields, orders: readonly OrderOfPlan[], now: Instant): Promise<NextDue> {
    const { station, trigger } = plan;
    if (trigger.kind === "condition") return this.#nextByCondition(view, trigger, orders, now);
    const place = await this.#place(station);
    if (place === undefined) return { why: message("maintenance.noStation", { station }) };
    if (trigger.kind === "time") {
      const offset = zoneOffsetOf(place.line.timeZone);
      const last = cycleByTime({ ...trigger, leadDays: 0 }, now, offset, place.calendar);
      return { at: dueOfCycle(trigger, last === undefined ? 0 : last + 1, offset, place.calendar) };
    }
    const signal = usageSignal(place.station, trigger.counter);
    if (signal === undefined || !view.mayReadSignal(signal)) return { why: message("maintenance.why.notCounted") };
    const { used } = await this.#usage.between(signal, station, trigger.counter, trigger.from, now);
    const remaining = trigger.every - (used % trigger.every);
    const rate = predicted(remaining, await this.#usage.daily(signal, station, trigger.counter, now, RATE_DAYS));
    if (rate === undefined) return { used, remaining, why: message("maintenance.why.noRate") };
    const instant = (days: number): Instant => Math.round(now + days * DAY);
    const high = rate.high !== undefined && rate.high < 36_500 ? { high: instant(rate.high) } : {};
    return { used, remaining, rate, at: instant(rate.days), low: instant(rate.low), ...high };
  }

  async #fallenByCondition(trigger: Extract<Trigger, { kind: "condition" }>, lastEnd: Instant, now: Instant): Promise<Due | undefined> {
    const raised = await this.#raised(this.#ctx.own, trigger.rule, Math.max(trigger.from, lastEnd), now);
    const at = raised === "reading" ? undefined : raised?.[trigger.times - 1];
    return at === undefined ? undefined : { cycle: at, cycleDue: at, isDoneSince: false };
  }

  async #nextByCondition(
    view: PlantView,
    trigger: Extract<Trigger, { kind: "condition" }>,
    orders: readonly OrderOfPlan[],
    now: Instant,
  ): Promise<NextDue> {
    const lastEnd = Math.max(0, ...orders.map(({ endedAt }) => endedAt ?? 0));
    const since = Math.max(trigger.from, lastEnd);
    const raised = await this.#raised(view, trigger.rule, since, now);
    if (raised === undefined) return { why: message("maintenance.why.noRule") };
    if (raised === "reading") return { why: message("maintenance.why.reading") };
    const [used, remaining] = [raised.length, Math.max(0, trigger.times - raised.length)];
    const days = Math.floor((now - since) / DAY);
    const daily = Array.from(
      { length: Math.min(RATE_DAYS, days) },
      (_, back) => raised.filter((at) => Math.floor((now - at) / DAY) === back).length,
    );
    const rate = predicted(remaining, daily);
    if (rate === undefined) return { used, remaining, why: message("maintenance.why.noRate") };
    const instant = (count: number): Instant => Math.round(now + count * DAY);
    return {
      used,
      remaining,
      rate,
      at: instant(rate.days),
      low: instant(rate.low),
      ...(rate.high !== undefined && rate.high < 36_500 && { high: instant(rate.high) }),
    };
  }

  /** When the rule was raised in (from, now], in order; undefined where it may not be read. */
  async #raised(view: PlantView, rule: string, from: Instant, now: Instant): Promise<readonly Instant[] | "reading" | undefined> {
    const record = this.#ctx.find(alarmRecord);
    if (record === undefined || !(await record.rules(view.principal, "live")).some((running) => running.rule.id === rule)) return undefined;
    const { alarms, reading } = await record.between(view.principal, from + 1, now + 1);
    if (reading !== undefined) return "reading";
    return alarms.filter((alarm) => alarm.rule === rule && alarm.raised > from).map(({ raised }) => raised);
  }

  async #place(station: string): Promise<Place | undefined> {
    for (const { definition: line } of await this.#ctx.use(lineFlow).folded()) {
      const found = line.stations.find(({ id }) => id === station);
      if (found !== undefined) return { line, station: found, calendar: createShiftCalendar(line.shifts, zoneOffsetOf(line.timeZone)) };
    }
    return undefined;
  }
}
