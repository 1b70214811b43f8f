import { NumberInput, Select } from "@mantine/core";
import type { ReactNode } from "react";
import { useWords } from "@doppelwerk/kit/studio";
import { fractionsOf } from "./experiment-draft.ts";
import type { DraftPartProps } from "./draft-part.ts";

/** Which points are simulated. */
export function DesignChoice({ draft, set }: DraftPartProps): ReactNode {
  const { t } = useWords();
  const fractions = fractionsOf(draft.factors.length);
  return (
    <>
      <Select
        size="sm"
        label={t("simulate.experiments.design")}
        value={draft.design}
        allowDeselect={false}
        onChange={(design) => set({ design: design ?? "full" })}
        data={[
          { value: "full", label: t("simulate.experiments.full") },
          ...fractions.map(({ generators, points, resolution }) => ({
            value: generators,
            label: t("simulate.experiments.fraction", { points, resolution }),
          })),
          { value: "cube", label: t("simulate.experiments.cube") },
        ]}
      />
      {draft.design === "cube" && (
        <NumberInput
          size="sm"
          label={t("simulate.experiments.cubePoints")}
          value={draft.cubePoints}
          min={2}
          max={512}
          onChange={(value) => set({ cubePoints: Math.max(2, Number(value) || 2) })}
        />
      )}
    </>
  );
}
