import { Button, Select } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import type { LogColumns } from "@doppelwerk/client";
import { DataTable, dateOfLog, messageText, useWords } from "@doppelwerk/kit/studio";
import type { PlantFileOffer } from "../contract.ts";

const COLUMNS = ["case", "activity", "start", "end", "time", "resource", "lifecycle"] as const;

/** What a log was read as: its time, what had to be assumed, and which column is what, to be corrected by who knows the plant. */
export function EventLogRead({
  offer,
  busy,
  onColumns,
}: {
  readonly offer: Extract<PlantFileOffer, { kind: "eventLog" }>;
  readonly busy: boolean;
  readonly onColumns: (columns: LogColumns) => void;
}): ReactNode {
  const { t } = useWords();
  const { visits, from, to, assumptions, notes, left, leftFirst } = offer;
  return (
    <>
      <p className="dw-quiet">{t("autoTwin.file.period", { visits, from: dateOfLog(from, 0), to: dateOfLog(to, 0) })}</p>
      {(notes.length > 0 || left > 0) && (
        <ul className="dw-findings">
          {left > 0 && (
            <li>
              {t("autoTwin.file.left", { count: left })}
              {leftFirst !== undefined && ` ${t("eventLog.leftFirst", { why: messageText(leftFirst.text, leftFirst.message) })}`}
            </li>
          )}
          {notes.map((note, at) => (
            <li key={note}>{messageText(note, assumptions[at])}</li>
          ))}
        </ul>
      )}
      <details className="dw-log-columns">
        <summary>{t("autoTwin.file.columns")}</summary>
        <ColumnChoice columns={offer.columns} header={offer.header} busy={busy} onColumns={onColumns} />
      </details>
    </>
  );
}

interface Line {
  readonly fields: readonly (string | undefined)[];
  readonly line: number;
}

/** A table whose columns have names that are not recognised: its first rows, and the choice of which is what. */
export function TableRead({
  offer,
  busy,
  onColumns,
}: {
  readonly offer: Extract<PlantFileOffer, { kind: "table" }>;
  readonly busy: boolean;
  readonly onColumns: (columns: LogColumns) => void;
}): ReactNode {
  const { t } = useWords();
  const { why, header, rows, columns } = offer;
  return (
    <>
      <p className="dw-note">{messageText(why.text, why.message)}</p>
      <div className="dw-log-rows">
        <DataTable
          caption={t("autoTwin.file.columns")}
          columns={header.map((title, column) => ({ title, cell: ({ fields }: Line) => fields[column] }))}
          rows={rows.map((fields, line) => ({ fields, line }))}
          keyOf={({ line }) => String(line)}
          isDense
        />
      </div>
      <p className="dw-quiet">{t("autoTwin.file.tableText")}</p>
      <ColumnChoice columns={columns} header={header} busy={busy} onColumns={onColumns} />
    </>
  );
}

function ColumnChoice({
  columns,
  header,
  busy,
  onColumns,
}: {
  readonly columns: LogColumns;
  readonly header: readonly string[];
  readonly busy: boolean;
  readonly onColumns: (columns: LogColumns) => void;
}): ReactNode {
  const { t } = useWords();
  const [chosen, setChosen] = useState<LogColumns>(columns);
  const has = (...wanted: readonly (keyof LogColumns)[]) => wanted.some((column) => (chosen[column] ?? "") !== "");
  const names = [...new Set(header)].filter((name) => name !== "");
  return (
    <div className="dw-add dw-log-choice">
      {COLUMNS.map((column) => (
        <Select
          key={column}
          size="sm"
          label={t(`eventLog.column.${column}`)}
          placeholder={t("autoTwin.file.noColumn")}
          data={names}
          value={chosen[column] === "" ? null : (chosen[column] ?? null)}
          clearable
          searchable={names.length > 12}
          onChange={(value) => setChosen((all) => ({ ...all, [column]: value ?? "" }))}
        />
      ))}
      <Button
        size="sm"
        variant="default"
        loading={busy}
        disabled={!has("case") || !has("activity") || !has("start", "end", "time")}
        onClick={() => onColumns(chosen)}
      >
        {t("autoTwin.file.read")}
      </Button>
    </div>
  );
}
