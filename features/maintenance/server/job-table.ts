import { documentChange, faultsOf, message, textsOf, type Message } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { ListColumn, ListFault, ListRow, ListTable } from "@doppelwerk/ports";
import type { Change, Principal } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { JobFields, jobPlan } from "../model/job-kind.ts";
import { lineOfPart, lineOfStep, linesOf, partOfLine, stepOfLine } from "../model/job-texts.ts";
import { jobId, jobsOf } from "./jobs.ts";

const titleOf = (key: string) => textsOf(message(`maintenance.column.${key}` as "maintenance.column.code"));
const LINES = ["stepsEn", "stepsZh", "lockOutEn", "lockOutZh", "parts"] as const;

const columnsOf = (): readonly ListColumn[] => [
  { key: "code", title: titleOf("code"), kind: "text", isRequired: true },
  { key: "titleEn", title: titleOf("titleEn"), kind: "text", isRequired: true },
  { key: "titleZh", title: titleOf("titleZh"), kind: "text", isRequired: true },
  ...LINES.map((key) => ({ key, title: titleOf(key), kind: "text" as const })),
  { key: "minutes", title: titleOf("minutes"), kind: "number", unit: "min" },
];

/** Job plans, a row each; steps, points and parts of one are lines of a cell, a part as `number = quantity`. */
export function jobTable(viewOf: (principal: Principal) => PlantView): ListTable {
  return {
    id: "maintenanceJobs",
    title: textsOf(message("maintenance.jobs")),
    columns: columnsOf(),
    key: "code",
    rows: async (principal, branch) => jobsOf(viewOf(principal), branch).map(rowOf),
    async changes(principal, branch, rows) {
      const reader = viewOf(principal).documents.reader(branch);
      const [changes, faults]: [Change[], ListFault[]] = [[], []];
      for (const [at, row] of rows.entries()) {
        const read = fieldsOf(row);
        if ("fault" in read) {
          faults.push({ row: at, column: read.column, message: read.fault });
          continue;
        }
        const id = jobId(read.fields.code);
        const change = documentChange(jobPlan, id, reader.get(id), read.fields);
        if (change) changes.push(change);
      }
      return { changes, faults };
    },
  };
}

export function rowOf({ code, title, steps, lockOut, parts, minutes }: JobFields): ListRow {
  const lines = (texts: readonly string[]): string => texts.join("\n");
  return {
    code,
    titleEn: title.en,
    titleZh: title.zh,
    ...(steps.length > 0 && {
      stepsEn: lines(steps.map(({ text, needsLockOut }) => lineOfStep(text.en, needsLockOut))),
      stepsZh: lines(steps.map(({ text, needsLockOut }) => lineOfStep(text.zh, needsLockOut))),
    }),
    ...(lockOut.length > 0 && {
      lockOutEn: lines(lockOut.map(({ text }) => text.en)),
      lockOutZh: lines(lockOut.map(({ text }) => text.zh)),
    }),
    ...(parts.length > 0 && { parts: lines(parts.map(lineOfPart)) }),
    ...(minutes !== undefined && { minutes }),
  };
}

type Read = { readonly fields: JobFields } | { readonly fault: Message; readonly column: string };

export function fieldsOf(row: ListRow): Read {
  const lines = (key: string): string[] => linesOf(String(row[key] ?? ""));
  const texts = (key: string) => {
    const [en, zh] = [lines(`${key}En`), lines(`${key}Zh`)];
    return Array.from({ length: Math.max(en.length, zh.length) }, (_, at) => ({ en: en[at] ?? zh[at]!, zh: zh[at] ?? en[at]! }));
  };
  const candidate = {
    code: String(row["code"] ?? ""),
    title: { en: row["titleEn"], zh: row["titleZh"] },
    steps: texts("steps").map(({ en, zh }) => {
      const [first, second] = [stepOfLine(en), stepOfLine(zh)];
      return { text: { en: first.text, zh: second.text }, needsLockOut: first.needsLockOut || second.needsLockOut };
    }),
    lockOut: texts("lockOut").map((text) => ({ text })),
    parts: lines("parts").map(partOfLine),
    ...(row["minutes"] !== undefined && { minutes: row["minutes"] }),
  };
  const parsed = JobFields.safeParse(candidate);
  if (parsed.success) return { fields: parsed.data };
  const [first] = parsed.error.issues[0]?.path ?? [];
  const column = { steps: "stepsEn", lockOut: "lockOutEn", title: "titleEn" }[String(first)] ?? String(first ?? "code");
  return { fault: faultsOf(parsed.error.issues, candidate)[0]!, column };
}
