import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { DataTable, durationText, inLanguage, numberText, SECOND, useWords, withUnit } from "@doppelwerk/kit/studio";
import type { DatabaseAlarm } from "../contract.ts";

type Difference = DatabaseAlarm["differences"][number];

/** What was decided beside what runs; what was approved can be given to the rule. */
export function DifferenceTable({
  alarm: { differences, unit },
  onEnforce,
}: {
  readonly alarm: DatabaseAlarm;
  /** Absent where nothing is approved. */
  readonly onEnforce?: () => void;
}): ReactNode {
  const { t } = useWords();
  const text = useValueText(unit);
  return (
    <section className="dw-management-differences" aria-label={t("alarmManagement.enforcement")}>
      <DataTable
        caption={t("alarmManagement.enforcement")}
        columns={[
          { title: t("alarmManagement.difference"), cell: ({ field }) => t(`alarmManagement.field.${field}`) },
          { title: t("alarmManagement.decided"), cell: ({ field, decided }) => text(field, decided) },
          { title: t("alarmManagement.running"), cell: ({ field, running }) => <b>{text(field, running)}</b> },
        ]}
        rows={differences}
        keyOf={({ field }) => field}
      />
      {onEnforce !== undefined && (
        <Button size="sm" variant="light" onClick={onEnforce}>
          {t("alarmManagement.enforce")}
        </Button>
      )}
    </section>
  );
}

function useValueText(unit: string | undefined): (field: Difference["field"], value: Difference["decided"]) => string {
  const { t, language } = useWords();
  return (field, value) => {
    if (value === undefined) return t("alarmManagement.missing");
    if (typeof value === "boolean") return t(value ? "alarmManagement.yes" : "alarmManagement.no");
    if (typeof value === "object") return inLanguage(value, language);
    if (typeof value === "string") return value;
    if (field.endsWith("S")) return value === 0 ? "0 s" : durationText(value * SECOND, language);
    return field === "priority" ? String(value) : withUnit(numberText(value), unit);
  };
}
