import { NumberInput, Select } from "@mantine/core";
import type { ReactNode } from "react";
import { useWords } from "@doppelwerk/kit/studio";
import type { ExperimentDraft } from "./experiment-draft.ts";
import type { DraftPartProps } from "./draft-part.ts";
import { unitOfKpi } from "./experiment-words.ts";

/** How often each point is simulated: a fixed count, until it is precise, or until the best one is clear. */
export function StopChoice({ draft, set }: DraftPartProps): ReactNode {
  const { t } = useWords();
  return (
    <>
      <Select
        size="sm"
        label={t("simulate.experiments.stop")}
        value={draft.stop}
        allowDeselect={false}
        onChange={(stop) => {
          const chosen = stop as ExperimentDraft["stop"];
          set({ stop: chosen, count: chosen === "count" ? 20 : 200 });
        }}
        data={(["count", "precise", "select"] as const).map((value) => ({ value, label: t(`simulate.experiments.stops.${value}`) }))}
      />
      {draft.stop === "precise" && (
        <NumberInput
          size="sm"
          label={t("simulate.experiments.halfWidth")}
          value={draft.percent}
          min={0.1}
          max={50}
          step={0.1}
          suffix={"\u202f%"}
          onChange={(value) => set({ percent: Number(value) || 1 })}
        />
      )}
      {draft.stop === "select" && (
        <NumberInput
          size="sm"
          label={t("simulate.experiments.indifference")}
          value={draft.indifference}
          min={0.01}
          step={1}
          suffix={`\u202f${unitOfKpi(draft.kpi, t)}`}
          onChange={(value) => set({ indifference: Number(value) || 1 })}
        />
      )}
      <NumberInput
        size="sm"
        label={t(draft.stop === "count" ? "simulate.experiments.each" : "simulate.experiments.eachMost")}
        value={draft.count}
        min={3}
        max={10_000}
        onChange={(value) => set({ count: Math.max(3, Number(value) || 3) })}
      />
    </>
  );
}
