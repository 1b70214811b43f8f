import { MultiSelect, Select } from "@mantine/core";
import type { ReactNode } from "react";
import { useStudio, useWords } from "@doppelwerk/kit/studio";
import type { FieldsProps } from "./rule-fields.tsx";
import { isMeasured } from "./rule-draft.ts";
import { useNaming } from "./use-naming.ts";

/** One signal; several where none of them is received. */
export function SignalChoice({ draft, faults, onChange }: FieldsProps): ReactNode {
  const { t } = useWords();
  const naming = useNaming();
  const isNumeric = isMeasured(draft);
  const entries = useStudio()
    .signals.entries()
    .filter(({ role, valueType }) => role !== "Alarm" && (!isNumeric || valueType === "double" || valueType === "integer"));
  const shown = {
    size: "sm",
    label: t("alarms.rule.signal"),
    required: true,
    searchable: true,
    limit: 100,
    data: entries.map(({ id }) => ({ value: id, label: naming.signal(id) })),
    error: faults.includes("signals") ? t("alarms.rule.needed") : undefined,
  } as const;
  return draft.kind === "noData" ? (
    <MultiSelect {...shown} data={[...shown.data]} value={[...draft.signals]} onChange={(signals) => onChange({ signals })} />
  ) : (
    <Select
      {...shown}
      data={[...shown.data]}
      value={draft.signals[0] ?? null}
      onChange={(signal) => onChange({ signals: signal === null ? [] : [signal] })}
    />
  );
}
