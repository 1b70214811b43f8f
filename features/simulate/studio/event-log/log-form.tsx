import { Button, FileButton, NumberInput, Select } from "@mantine/core";
import { IconFileUpload } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Card, useWords } from "@doppelwerk/kit/studio";
import type { EventLogState } from "./use-event-log.ts";

const PERIODS = ["auto", "3600", "28800", "86400", "604800"] as const;
/** Seconds, or left to the server. */
export type Period = (typeof PERIODS)[number];

/** How a log is to be read, and which one. */
export function LogForm({
  offset,
  onOffset,
  period,
  onPeriod,
  log: { file, busy, read },
}: {
  /** Hours east of UTC, as typed. */
  readonly offset: number | string;
  readonly onOffset: (offset: number | string) => void;
  readonly period: Period;
  readonly onPeriod: (period: Period) => void;
  readonly log: EventLogState;
}): ReactNode {
  const { t } = useWords();
  return (
    <Card title={t("simulate.eventLog.title")} note="CSV, XES">
      <div className="dw-log-form">
        <NumberInput
          size="sm"
          label={t("simulate.eventLog.zone")}
          description={t("simulate.eventLog.zoneHint")}
          suffix=" h"
          min={-14}
          max={14}
          step={0.5}
          value={offset}
          onChange={onOffset}
        />
        <Select
          size="sm"
          label={t("simulate.eventLog.periodOfForecast")}
          allowDeselect={false}
          data={PERIODS.map((value) => ({ value, label: t(`simulate.eventLog.periods.${value}`) }))}
          value={period}
          onChange={(value) => onPeriod(value ?? "auto")}
        />
        <FileButton onChange={(chosen) => chosen !== null && read(chosen)} accept=".csv,.tsv,.txt,.xes,.xml,.gz">
          {(props) => (
            <Button {...props} size="sm" loading={busy} leftSection={<IconFileUpload size={16} />}>
              {t("simulate.eventLog.choose")}
            </Button>
          )}
        </FileButton>
        {file !== undefined && !busy && (
          <Button size="sm" variant="default" onClick={() => read(file)}>
            {t("simulate.eventLog.again", { name: file.name })}
          </Button>
        )}
      </div>
    </Card>
  );
}
