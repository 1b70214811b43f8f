import type { FeatureContext } from "@doppelwerk/kit/server";
import type { AlarmRule } from "@doppelwerk/operations";
import { pastReading, type AlarmRecord, type RunningRule } from "@doppelwerk/ports";
import { LIVE, type BranchId, type Instant, type Principal } from "@doppelwerk/world";
import type { AlarmRuleFields } from "../contract.ts";
import type { alarms } from "../feature.ts";
import type { LiveAlarms } from "./fold/live-alarms.ts";
import { recordedAlarms } from "./recorded-alarms.ts";
import { triedId, type AlarmRules } from "./rules.ts";
import { isReadableRule, tryRules } from "./try-rules.ts";
import type { Turns } from "./turns.ts";
import type { LineDefinition } from "@doppelwerk/operations";

export interface AlarmRecordOptions {
  readonly ctx: FeatureContext<typeof alarms>;
  readonly fold: LiveAlarms;
  readonly rules: AlarmRules;
  readonly trials: Turns;
  lines(): Promise<readonly LineDefinition[]>;
}

/** What other features may know of the alarms that were raised and of the rules that raise them. */
export function alarmRecordOf({ ctx, fold, rules, trials, lines }: AlarmRecordOptions): AlarmRecord {
  const known = async (principal: Principal, branch: BranchId): Promise<readonly RunningRule[]> => {
    const listed = await rules.list(ctx.view(principal), branch);
    return listed.map(({ id, fields, isStored }) => {
      const rule = { ...fields, id, kind: "alarmRule" } as unknown as AlarmRule;
      return { rule, isStored, inputs: fold.inputsOfRule(rule) };
    });
  };
  return {
    rules: known,
    async between(principal, from, to) {
      const reading = await ctx.find(pastReading)?.state();
      if (reading?.done === false) return { alarms: [], aside: [], reading: reading.progress };
      const view = ctx.view(principal);
      const source = fold.reading((signal) => view.mayReadSignal(signal));
      // a rule may have readers of its own
      const readable = source.rules.filter(({ id }) => !view.hides(LIVE, id));
      return recordedAlarms(source.history, readable, { from, to }, (actor) => ctx.nameOf(actor));
    },
    async counted(principal, given, from, to, signal) {
      const view = ctx.view(principal);
      const all = await lines();
      const tried = given.map((rule, at) => ({ ...rule, id: triedId(at) })).filter((rule) => isReadableRule(view, rule, all));
      const judged = new Set(tried.map(({ id }) => id));
      const span: { from: Instant; to: Instant } = { from, to: Math.min(to, ctx.now()) };
      const trial = await trials.take(() => tryRules(ctx, { rules: tried, judged, lines: all, ...span }, signal));
      const counts = new Map(trial.rules.map(({ id, would }) => [id, would]));
      return given.map((_, at) => counts.get(triedId(at)) ?? 0);
    },
    async changeTo(principal, branch, id, values) {
      const view = ctx.view(principal);
      const listed = await rules.require(view, branch, id);
      return rules.changeTo(view, branch, id, { ...listed.fields, ...(values as Partial<AlarmRuleFields>) });
    },
  };
}
