import { documentChange, faultsOf, message, textsOf } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { ListFault, ListRow, ListTable, ShippedCalendar } from "@doppelwerk/ports";
import type { BranchId, Change, Principal } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { SHIPPED_TARGETS } from "../model/targets-in-force.ts";
import { KPI_NAMES, kpiTargets, KPIS, StoredTargets, type Kpi, type Target } from "../model/target-kind.ts";
import { listTargets, targetsDocumentId } from "./targets.ts";

const titleOf = (key: string) => textsOf(message(`kpis.column.${key}` as "kpis.column.name"));

type Lines = (branch: BranchId) => Promise<readonly Pick<ShippedCalendar, "line" | "shell" | "title">[]>;

/** Ratios are written in per cent. */
const scaleOf = (kpi: Kpi): number => (KPIS[kpi].isRatio ? 100 : 1);
const written = (value: number, kpi: Kpi): number => Number((value * scaleOf(kpi)).toPrecision(12));
const meant = (value: number, kpi: Kpi): number => Number((value / scaleOf(kpi)).toPrecision(12));

/** The targets of all lines, a row a KPI that can have one; a row without numbers has none. */
export function targetTable(lines: Lines, viewOf: (principal: Principal) => PlantView): ListTable {
  const known = async (principal: Principal, branch: BranchId) => {
    const [view, places] = [viewOf(principal), await lines(branch)];
    const targets = new Map(listTargets(view, branch, places).map((each) => [each.id, each]));
    return places.flatMap(({ line, shell }) => {
      const of = targets.get(targetsDocumentId(shell));
      return of === undefined ? [] : [{ line, shell, ...of }];
    });
  };
  return {
    id: "kpiTargets",
    title: textsOf(message("kpis.targets.list")),
    key: "id",
    columns: [
      { key: "id", title: titleOf("lineKpi"), kind: "text", isRequired: true },
      { key: "target", title: titleOf("target"), kind: "number" },
      { key: "warning", title: titleOf("warning"), kind: "number" },
    ],
    async rows(principal, branch) {
      return (await known(principal, branch)).flatMap(({ line, targets }) => KPI_NAMES.map((kpi) => rowOf(line, kpi, targets[kpi])));
    },
    async changes(principal, branch, rows) {
      const reader = viewOf(principal).documents.reader(branch);
      const places = await known(principal, branch);
      const [changes, faults]: [Change[], ListFault[]] = [[], []];
      const next = new Map(places.map(({ line, stored }) => [line, { ...stored } as Record<string, unknown>]));
      for (const [row, values] of rows.entries()) {
        const id = String(values["id"]);
        const place = places.find(({ line }) => id.startsWith(`${line}/`));
        const kpi = KPI_NAMES.find((name) => name === id.slice((place?.line.length ?? 0) + 1));
        if (place === undefined || kpi === undefined) {
          faults.push({ row, column: "id", message: message("kpis.targets.noRow", { id: id.slice(0, 100) }) });
          continue;
        }
        const before = rowOf(place.line, kpi, place.targets[kpi]);
        if (before["target"] === values["target"] && before["warning"] === values["warning"]) continue;
        const own = storedOf(kpi, values);
        const parsed = StoredTargets.safeParse({ [kpi]: own });
        if (parsed.success) next.get(place.line)![kpi] = parsed.data[kpi];
        else faults.push({ row, column: "target", message: faultsOf(parsed.error.issues, { [kpi]: own })[0]! });
      }
      if (faults.length > 0) return { changes, faults };
      for (const { line, shell } of places) {
        const stored = StoredTargets.parse(next.get(line));
        const [id, isEmpty] = [targetsDocumentId(shell), Object.values(stored).every((target) => target === undefined)];
        const record = reader.get(id);
        const change = isEmpty
          ? record && ({ op: "delete", record } as const)
          : documentChange(kpiTargets, id, record, { ...stored, shell });
        if (change) changes.push(change);
      }
      return { changes, faults };
    },
  };
}

function rowOf(line: string, kpi: Kpi, target: Target | undefined): ListRow {
  return {
    id: `${line}/${kpi}`,
    ...(target && { target: written(target.target, kpi), warning: written(target.warning, kpi) }),
  };
}

/** Without numbers the KPI has no target; those that are shipped are not stored again. */
function storedOf(kpi: Kpi, { target, warning }: ListRow): unknown {
  const shipped = SHIPPED_TARGETS[kpi];
  if (target === undefined && warning === undefined) return shipped === undefined ? undefined : "none";
  const own = { target: meantOf(target, kpi), warning: meantOf(warning, kpi) };
  return own.target === shipped?.target && own.warning === shipped?.warning ? undefined : own;
}

const meantOf = (value: ListRow[string] | undefined, kpi: Kpi): unknown => (typeof value === "number" ? meant(value, kpi) : value);
