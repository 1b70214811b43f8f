import { useState } from "react";
import { SECOND } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";
import type { LineSchedule, SequenceCheck } from "@doppelwerk/client";
import { tryPlan, type ScheduleTrial } from "@doppelwerk/sim/optimise";
import { useScope, useStudio, useTask, useWords } from "@doppelwerk/kit/studio";
import type { PlanState } from "./use-plan.ts";
import * as simulate from "../../calls.ts";

const EXECUTIONS = 300;
export const LINE_EXECUTIONS = 20;
/** A line gets so much more than its plan before an order counts as not done. */
const ROOM = 1.6;

/** How the times of a shop vary, as typed: empty where nothing was typed. */
export interface TrialDraft {
  /** Percent of the time of an operation. */
  readonly spread: number | string;
  /** Time between failures and of a repair, in hours, or in units where the problem has no seconds. */
  readonly between: number | string;
  readonly repair: number | string;
}

export interface TrialState {
  /** Orders of the line run on its simulator, a plan of a shop is executed here. */
  readonly isLine: boolean;
  readonly busy: boolean;
  readonly start: (draft: TrialDraft) => void;
  /** Of the plan as it is; a change drops them. */
  readonly trial: ScheduleTrial | undefined;
  readonly check: SequenceCheck | undefined;
}

/** What becomes of a plan when times vary. */
export function useScheduleTrial(
  branch: string,
  { index, plan, planned, figures }: PlanState,
  source: LineSchedule | undefined,
  start: Instant,
): TrialState {
  const studio = useStudio();
  const { line } = useScope();
  const { t } = useWords();
  const { busy, run } = useTask((_, error) => studio.notifyFailure(error, t("simulate.optimise.failed")));
  const [tried, setTried] = useState<{ readonly of: unknown; readonly trial?: ScheduleTrial; readonly check?: SequenceCheck } | undefined>(
    undefined,
  );
  const { problem } = index;
  const checkLine = async ({ orders }: LineSchedule): Promise<void> => {
    const begin = (job: number): number => planned[index.first[job]!]!.start;
    const sequence = orders.map((_, job) => job).sort((a, b) => begin(a) - begin(b) || a - b);
    const check = await simulate.checkSequence(studio.client, {
      params: { branch },
      body: {
        line,
        orders: sequence.map((job) => {
          const { id, product, quantity } = orders[job]!;
          const { due } = problem.jobs[job]!;
          return { id, product, quantity, ...(due === undefined ? {} : { due: start + due * SECOND }) };
        }),
        replications: LINE_EXECUTIONS,
        seed: 1,
        horizonS: Math.ceil(figures.makespan * ROOM),
      },
    });
    setTried({ of: plan, check });
  };
  const execute = async ({ spread, between, repair }: TrialDraft): Promise<void> => {
    const scale = problem.unit === "s" ? 3_600 : 1;
    const failures = between === "" || repair === "" ? undefined : { between: Number(between) * scale, repair: Number(repair) * scale };
    const options = { replications: EXECUTIONS, seed: 1, cv: Number(spread) / 100, ...(failures ? { failures } : {}) };
    setTried({ of: plan, trial: tryPlan(index, plan, planned, options) });
  };
  const shown = tried?.of === plan ? tried : undefined;
  const isLine = source !== undefined && source.orders.length > 0;
  return {
    isLine,
    busy,
    start: (draft) => run(() => (isLine ? checkLine(source) : execute(draft))),
    trial: shown?.trial,
    check: shown?.check,
  };
}
