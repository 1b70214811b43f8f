import { Button, NumberInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { SECOND } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";
import type { LineSchedule, SequenceCheck } from "@doppelwerk/client";
import { tryPlan, type ScheduleTrial } from "@doppelwerk/sim/optimise";
import { Card, errorText, momentText, percentText, useStudio, useWords } from "@doppelwerk/kit/studio";
import { spanText } from "./gantt-scale.ts";
import type { PlanState } from "./use-plan.ts";
import * as simulate from "../../calls.ts";

const EXECUTIONS = 300;
const LINE_EXECUTIONS = 20;
/** A line gets so much more than its plan before an order counts as not done. */
const ROOM = 1.6;

/** What becomes of a plan when times vary: for orders of the line on its simulator, for a shop by executing the plan many times. */
export function ScheduleTrialCard({
  branch,
  state,
  source,
  start,
}: {
  readonly branch: string;
  readonly state: PlanState;
  readonly source: LineSchedule | undefined;
  readonly start: Instant;
}): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const [spread, setSpread] = useState<number | string>(10);
  const [between, setBetween] = useState<number | string>("");
  const [repair, setRepair] = useState<number | string>("");
  const [busy, setBusy] = useState(false);
  const [tried, setTried] = useState<{ readonly of: unknown; readonly trial?: ScheduleTrial; readonly check?: SequenceCheck } | undefined>(
    undefined,
  );
  const { index, plan, planned, figures } = state;
  const { problem } = index;
  const isLine = source !== undefined && source.orders.length > 0;
  const scale = problem.unit === "s" ? 3_600 : 1;
  const run = async (): Promise<void> => {
    setBusy(true);
    try {
      if (isLine) {
        const begin = (job: number): number => planned[index.first[job]!]!.start;
        const sequence = source.orders.map((_, job) => job).sort((a, b) => begin(a) - begin(b) || a - b);
        const orders = sequence.map((job) => {
          const { id, product, quantity } = source.orders[job]!;
          const { due } = problem.jobs[job]!;
          return { id, product, quantity, ...(due === undefined ? {} : { due: start + due * SECOND }) };
        });
        const check = await simulate.checkSequence(studio.client, {
          params: { branch },
          body: {
            orders,
            replications: LINE_EXECUTIONS,
            seed: 1,
            horizonS: Math.ceil(figures.makespan * ROOM),
          },
        });
        setTried({ of: plan, check });
      } else {
        const failures = between === "" || repair === "" ? undefined : { between: Number(between) * scale, repair: Number(repair) * scale };
        setTried({
          of: plan,
          trial: tryPlan(index, plan, planned, {
            replications: EXECUTIONS,
            seed: 1,
            cv: Number(spread) / 100,
            ...(failures ? { failures } : {}),
          }),
        });
      }
    } catch (error) {
      studio.notify("trouble", t("simulate.optimise.failed"), errorText(error));
    }
    setBusy(false);
  };
  const shown = tried?.of === plan ? tried : undefined;
  const at = (value: number | null): string =>
    value === null || !Number.isFinite(value)
      ? "–"
      : problem.unit === "s" && start > 0
        ? momentText(start + value * SECOND, zone, language, false)
        : spanText(value, problem.unit);
  const rows =
    shown?.check?.orders.map((order) => ({
      label: problem.jobs.find(({ id }) => id === order.id)?.label ?? order.id,
      job: problem.jobs.findIndex(({ id }) => id === order.id),
      ...order,
    })) ??
    shown?.trial?.jobs.map((one, job) => ({ label: problem.jobs[job]!.label, job, ...one, unfinished: 0 })) ??
    [];
  return (
    <Card
      title={t("simulate.optimise.gantt.try")}
      note={isLine ? t("simulate.optimise.gantt.tryLineNote", { count: LINE_EXECUTIONS }) : t("simulate.optimise.gantt.tryNote")}
    >
      <div className="dw-wish-foot">
        {!isLine && (
          <>
            <NumberInput
              size="xs"
              label={t("simulate.optimise.gantt.spread")}
              value={spread}
              min={0}
              max={200}
              w={100}
              onChange={setSpread}
            />
            <NumberInput size="xs" label={t("simulate.optimise.gantt.failures")} value={between} min={0} w={100} onChange={setBetween} />
            <NumberInput size="xs" label={t("simulate.optimise.gantt.repair")} value={repair} min={0} w={100} onChange={setRepair} />
          </>
        )}
        <Button size="sm" variant="default" loading={busy} onClick={() => void run()}>
          {t("simulate.optimise.gantt.tryStart")}
        </Button>
      </div>
      {shown?.trial !== undefined && (
        <p className="dw-fine">
          {t("simulate.optimise.gantt.tryResult", {
            mean: spanText(shown.trial.makespan.mean, problem.unit),
            confidence: spanText(shown.trial.makespan.confidence, problem.unit),
            low: spanText(shown.trial.makespan.low, problem.unit),
            high: spanText(shown.trial.makespan.high, problem.unit),
          })}
        </p>
      )}
      {rows.length > 0 && (
        <div className="dw-scroll" style={{ maxHeight: 300 }}>
          <table className="dw-table">
            <thead>
              <tr>
                <th>{t("simulate.optimise.gantt.order")}</th>
                <th className="is-number">{t("simulate.optimise.gantt.median")}</th>
                <th className="is-number">{t("simulate.optimise.gantt.promised")}</th>
                <th className="is-number">{t("simulate.optimise.gantt.onTime")}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ label, median, high, onTime, unfinished }) => (
                <tr key={label}>
                  <td>{label}</td>
                  <td className="is-number">{at(median)}</td>
                  <td className="is-number">
                    <b>
                      {unfinished > 0 && (high === null || !Number.isFinite(high)) ? t("simulate.optimise.gantt.unfinished") : at(high)}
                    </b>
                  </td>
                  <td className="is-number">{onTime === undefined ? "–" : percentText(onTime, 0)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}
