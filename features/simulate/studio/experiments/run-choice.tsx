import { NumberInput, SegmentedControl, Select, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import type { ExperimentKpi } from "@doppelwerk/client";
import { useWords } from "@doppelwerk/kit/studio";
import type { ExperimentDraft } from "./experiment-draft.ts";
import type { DraftPartProps } from "./draft-part.ts";
import { betterOfKpi, experimentKpis } from "./experiment-words.ts";

/** What is looked at, from which start, over how long, with which seed, and the name of it all. */
export function RunChoice({ draft, set }: DraftPartProps): ReactNode {
  const { t } = useWords();
  return (
    <>
      <Select
        size="sm"
        label={t("simulate.experiments.kpi")}
        value={draft.kpi}
        allowDeselect={false}
        onChange={(kpi) => set({ kpi: kpi as ExperimentKpi, goal: betterOfKpi(kpi as ExperimentKpi) > 0 ? "maximise" : "minimise" })}
        data={experimentKpis.map((kpi) => ({ value: kpi, label: t(`kpi.${kpi}`) }))}
      />
      <div>
        <span className="dw-experiment-label">{t("simulate.experiments.start")}</span>
        <SegmentedControl
          size="sm"
          fullWidth
          value={draft.kind}
          onChange={(kind) => set({ kind: kind as ExperimentDraft["kind"] })}
          data={[
            { value: "study", label: t("simulate.decide.study") },
            { value: "forecast", label: t("simulate.decide.forecast") },
          ]}
        />
      </div>
      {draft.kind === "study" && (
        <NumberInput
          size="sm"
          label={t("simulate.experiments.shifts")}
          value={draft.shifts}
          min={1}
          max={60}
          onChange={(value) => set({ shifts: Number(value) || 1 })}
        />
      )}
      <NumberInput
        size="sm"
        label={t("simulate.decide.seed")}
        value={draft.seed}
        min={0}
        allowDecimal={false}
        onChange={(value) => set({ seed: Number(value) || 0 })}
      />
      <TextInput
        size="sm"
        label={t("simulate.experiments.name")}
        value={draft.name}
        placeholder={t("simulate.experiments.namePlaceholder")}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
    </>
  );
}
