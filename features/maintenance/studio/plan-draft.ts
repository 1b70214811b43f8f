import type { PlanFields, Trigger } from "../model/plan-kind.ts";

export const TRIGGERS = ["time", "count", "condition"] as const;

/** A plan as it is typed. */
export interface PlanDraft {
  code: string;
  title: string;
  station: string;
  job: string;
  priority: string;
  kind: (typeof TRIGGERS)[number];
  every: number | string;
  unit: "day" | "week" | "month";
  counter: "pieces" | "hours";
  from: string;
  at: string;
  leadDays: number | string;
  inShift: boolean;
  rule: string;
  times: number | string;
  withinDays: number | string;
  isOn: boolean;
}

const dateOf = (instant: number): string => new Date(instant / 1_000).toISOString().slice(0, 10);
const two = (value: number): string => String(value).padStart(2, "0");

export function draftOfPlan(plan: PlanFields | undefined, language: "en" | "zh", now: number): PlanDraft {
  const trigger = plan?.trigger;
  const time = trigger?.kind === "time" ? trigger : undefined;
  const count = trigger?.kind === "count" ? trigger : undefined;
  const alarm = trigger?.kind === "condition" ? trigger : undefined;
  const since = count?.from ?? alarm?.from;
  return {
    code: plan?.code ?? "",
    title: plan?.title[language] ?? "",
    station: plan?.station ?? "",
    job: plan?.job ?? "",
    priority: String(plan?.priority ?? 3),
    kind: trigger?.kind ?? "time",
    every: time?.every ?? count?.every ?? 1,
    unit: time?.unit ?? "week",
    counter: count?.counter ?? "pieces",
    from: time?.from ?? dateOf(since ?? now),
    at: time === undefined ? "08:00" : `${two(Math.floor(time.minute / 60))}:${two(time.minute % 60)}`,
    leadDays: time?.leadDays ?? 0,
    inShift: time?.inShift ?? true,
    rule: alarm?.rule ?? "",
    times: alarm?.times ?? 1,
    withinDays: plan?.withinDays ?? 7,
    isOn: plan?.isOn ?? true,
  };
}

export function isWholePlan({ code, title, station, kind, every, from, rule, times }: PlanDraft): boolean {
  if (code.trim() === "" || title.trim() === "" || station === "") return false;
  if (kind === "condition") return rule !== "" && Number(times) >= 1;
  return Number(every) > 0 && /^\d{4}-\d{2}-\d{2}$/.test(from);
}

/** The instant that it counts since stays while its date does. */
export function planOfDraft(draft: PlanDraft, before: PlanFields | undefined, language: "en" | "zh", now: number): PlanFields {
  const title = draft.title.trim();
  const known = before?.trigger.kind === "time" ? undefined : before?.trigger.from;
  const since = known !== undefined && dateOf(known) === draft.from ? known : Math.min(now, Date.parse(`${draft.from}T00:00:00Z`) * 1_000);
  return {
    code: draft.code.trim(),
    title: before !== undefined && before.title[language] === title ? before.title : { en: title, zh: title },
    station: draft.station,
    ...(draft.job !== "" && { job: draft.job }),
    priority: Number(draft.priority) as 3,
    trigger: triggerOf(draft, known ?? now, since),
    withinDays: Number(draft.withinDays),
    isOn: draft.isOn,
  };
}

function triggerOf(draft: PlanDraft, known: number, since: number): Trigger {
  const { kind, every, unit, counter, from, at, inShift, leadDays, rule, times } = draft;
  const [hour = 8, minute = 0] = at.split(":").map(Number);
  if (kind === "time") return { kind, every: Number(every), unit, from, minute: hour * 60 + minute, inShift, leadDays: Number(leadDays) };
  if (kind === "count") return { kind, counter, every: Number(every), from: since };
  return { kind, rule, times: Number(times), from: known };
}
