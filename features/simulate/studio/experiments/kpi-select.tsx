import { Select } from "@mantine/core";
import type { ReactNode } from "react";
import type { ExperimentKpi } from "@doppelwerk/client";
import { useWords } from "@doppelwerk/kit/studio";

/** Chooses a KPI in the head of a card; not printed. */
export function KpiSelect({
  label,
  kpis,
  chosen,
  onChoose,
}: {
  readonly label: string;
  readonly kpis: readonly ExperimentKpi[];
  readonly chosen: ExperimentKpi | null;
  readonly onChoose: (kpi: ExperimentKpi) => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <span className="dw-screen-only">
      <Select
        size="xs"
        w={150}
        aria-label={label}
        value={chosen}
        data={kpis.map((key) => ({ value: key, label: t(`kpi.${key}`) }))}
        allowDeselect={false}
        onChange={(value) => onChoose(value as ExperimentKpi)}
      />
    </span>
  );
}
