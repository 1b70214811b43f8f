import { csvField, inLanguage, toLocal, zoneNameText } from "@doppelwerk/kit/studio";
import { endOf, type ListedOccurrence } from "./listed.ts";
import type { Words } from "./occurrence-text.ts";

const COLUMNS = [
  "priority",
  "raisedLocal",
  "raisedUtc",
  "returnedLocal",
  "returnedUtc",
  "durationS",
  "acknowledgedLocal",
  "acknowledgedUtc",
  "acknowledgedBy",
  "place",
  "slot",
  "alarm",
  "value",
  "limit",
  "unit",
  "state",
  "follows",
] as const;

/** The list as a file for a spreadsheet: one row per occurrence, local and UTC time, value and unit apart. The first line names the zone. */
export function occurrenceCsv(rows: readonly ListedOccurrence[], { t, language, zone }: Words, zoneName: string): string {
  const local = (instant: number | undefined): string =>
    instant === undefined ? "" : new Date(Math.round(toLocal(zone, instant) / 1_000)).toISOString().slice(0, 19).replace("T", " ");
  const utc = (instant: number | undefined): string => (instant === undefined ? "" : new Date(Math.round(instant / 1_000)).toISOString());
  const titles = new Map(rows.map((row) => [row.key, inLanguage(row.title, language)]));
  const lines = rows.map((row) => {
    const end = endOf(row);
    return [
      row.priority,
      local(row.raised),
      utc(row.raised),
      local(row.returned),
      utc(row.returned),
      end === undefined ? "" : Math.round((end - row.raised) / 1e6),
      local(row.acknowledged),
      utc(row.acknowledged),
      row.acknowledged === undefined ? "" : row.automatic === true ? t("alarms.acknowledgedAutomaticallyShort") : (row.by ?? ""),
      row.station,
      row.place ?? "",
      inLanguage(row.title, language),
      row.value ?? "",
      row.limit === undefined ? "" : row.limit,
      row.unit ?? "",
      t(`alarms.state.${row.state}`),
      row.follows === undefined ? "" : (titles.get(row.follows) ?? ""),
    ];
  });
  const head = COLUMNS.map((column) => t(`alarms.csv.${column}`, { zone: zoneNameText(zoneName) }));
  // the mark lets spreadsheets read Chinese
  return `\uFEFF${[head, ...lines].map((line) => line.map(csvField).join(",")).join("\r\n")}\r\n`;
}
