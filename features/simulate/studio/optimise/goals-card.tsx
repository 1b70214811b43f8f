import { Chip, Collapse, NumberInput } from "@mantine/core";
import type { ReactNode } from "react";
import type { OptimisationGoal, OptimisationPrices } from "@doppelwerk/client";
import { Card, useWords } from "@doppelwerk/kit/studio";
import type { RequestDraft } from "./request-draft.ts";

const GOALS: readonly OptimisationGoal[] = ["throughput", "leadTime", "wip", "oee", "energy", "cost"];
/** What may be kept as it is; energy and cost are goals only, by their prices. */
const KEPT: readonly OptimisationGoal[] = ["throughput", "leadTime", "wip", "oee", "rework"];
const MAX_GOALS = 3;

/** What a search looks for, what must not get worse, and the prices that energy and cost need. */
export function GoalsCard({
  draft: { goals, keep, prices },
  set,
}: {
  readonly draft: RequestDraft;
  readonly set: (change: Partial<RequestDraft>) => void;
}): ReactNode {
  const { t } = useWords();
  const isPriced = goals.includes("cost");
  const choose = (goal: OptimisationGoal, on: boolean): void => {
    if (on) set({ goals: [...goals, goal].slice(-MAX_GOALS) });
    else if (goals.length > 1) set({ goals: goals.filter((held) => held !== goal) });
  };
  return (
    <Card title={t("simulate.optimise.goals")} note={t("simulate.optimise.goalsNote")}>
      <div className="dw-search-goals">
        {GOALS.map((goal) => (
          <Chip key={goal} size="xs" checked={goals.includes(goal)} onChange={(on) => choose(goal, on)}>
            {t(`simulate.optimise.goal.${goal}`)}
          </Chip>
        ))}
      </div>
      <p className="dw-fine dw-search-keep">{t("simulate.optimise.keepNote")}</p>
      <div className="dw-search-goals">
        {KEPT.filter((goal) => !goals.includes(goal)).map((goal) => (
          <Chip
            key={goal}
            size="xs"
            variant="outline"
            checked={keep.includes(goal)}
            onChange={(on) => set({ keep: on ? [...keep, goal] : keep.filter((held) => held !== goal) })}
          >
            {t(`simulate.optimise.measure.${goal}`)}
          </Chip>
        ))}
      </div>
      <Collapse expanded={goals.includes("energy") || isPriced}>
        <Prices prices={prices} onChange={(next) => set({ prices: next })} isPriced={isPriced} />
      </Collapse>
    </Card>
  );
}

function Prices({
  prices,
  onChange,
  isPriced,
}: {
  readonly prices: OptimisationPrices;
  readonly onChange: (prices: OptimisationPrices) => void;
  readonly isPriced: boolean;
}): ReactNode {
  const { t } = useWords();
  const fields: readonly (readonly [keyof OptimisationPrices, string])[] = [
    ...(isPriced
      ? ([
          ["part", t("simulate.optimise.partValue")],
          ["wip", t("simulate.optimise.wipPrice")],
          ["energyKwh", t("simulate.optimise.energyPrice")],
        ] as const)
      : []),
    ["workingKw", t("simulate.optimise.workingKw")],
    ["waitingKw", t("simulate.optimise.waitingKw")],
  ];
  return (
    <div className="dw-search-prices">
      <p className="dw-fine">
        {t("simulate.optimise.prices")}: {t("simulate.optimise.pricesNote")}
      </p>
      {fields.map(([field, label]) => (
        <NumberInput
          key={field}
          size="xs"
          label={label}
          value={prices[field] ?? ""}
          onChange={(value) => onChange({ ...prices, [field]: value === "" ? undefined : Number(value) })}
        />
      ))}
    </div>
  );
}
