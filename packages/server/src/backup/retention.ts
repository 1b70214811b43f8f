import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";

/** So many of the newest, and of so many days, weeks, months and years the newest each. */
export interface KeepRule {
  readonly last: number;
  readonly daily: number;
  readonly weekly: number;
  readonly monthly: number;
  readonly yearly: number;
}

const NAMES = ["last", "daily", "weekly", "monthly", "yearly"] as const;
const PART = /^(last|daily|weekly|monthly|yearly)=(\d{1,4})$/;
const DAY_MS = 86_400_000;

/** `daily=7,weekly=5,monthly=12`. Errors: DW_INVALID, also for a rule that keeps nothing. */
export function parseKeepRule(text: string): KeepRule {
  const rule = { last: 0, daily: 0, weekly: 0, monthly: 0, yearly: 0 };
  const seen = new Set<string>();
  for (const part of text.split(",")) {
    const [, name, count] = PART.exec(part.trim()) ?? [];
    if (name === undefined || seen.has(name))
      throw new DoppelwerkError("DW_INVALID", message("server.backupKeepRule", { rule: text.slice(0, 100) }));
    seen.add(name);
    rule[name as keyof KeepRule] = Number(count);
  }
  if (NAMES.every((name) => rule[name] === 0))
    throw new DoppelwerkError("DW_INVALID", message("server.backupKeepRule", { rule: text.slice(0, 100) }));
  return rule;
}

export interface KeptBackup {
  readonly id: string;
  readonly instant: string;
  /** Restored as a whole before. */
  readonly isVerified: boolean;
}

/** Which backups stay, given oldest first: those of the rule, the newest one, and the newest that was verified. Days, weeks (from Monday) and months in UTC. */
export function keptBackups(backups: readonly KeptBackup[], rule: KeepRule): ReadonlySet<string> {
  const newestFirst = backups.toReversed();
  const kept = new Set(newestFirst.slice(0, Math.max(1, rule.last)).map(({ id }) => id));
  const verified = newestFirst.find(({ isVerified }) => isVerified);
  if (verified !== undefined) kept.add(verified.id);
  for (const [count, periodOf] of [
    [rule.daily, dayOf],
    [rule.weekly, weekOf],
    [rule.monthly, (instant: string) => instant.slice(0, 7)],
    [rule.yearly, (instant: string) => instant.slice(0, 4)],
  ] as const) {
    const periods = new Set<string>();
    for (const { id, instant } of newestFirst) {
      const period = periodOf(instant);
      if (periods.has(period) || periods.size >= count) continue;
      periods.add(period);
      kept.add(id);
    }
  }
  return kept;
}

const dayOf = (instant: string): string => instant.slice(0, 10);

/** The Monday that it begins with. */
function weekOf(instant: string): string {
  const day = Date.parse(`${dayOf(instant)}T00:00:00Z`);
  return new Date(day - ((new Date(day).getUTCDay() + 6) % 7) * DAY_MS).toISOString();
}
