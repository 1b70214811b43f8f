import { documentChange, faultsOf, message, textsOf } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { ListColumn, ListFault, ListRow, ListTable } from "@doppelwerk/ports";
import type { Change, Principal } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { CHECK_KINDS, inspectionRound, roundDocumentId, RoundFields } from "../model/round-kind.ts";
import { roundsOf } from "./rounds.ts";

const COLUMNS: readonly (readonly [key: string, kind: ListColumn["kind"], isRequired?: true])[] = [
  ["key", "text", true],
  ["point.en", "text", true],
  ["point.zh", "text", true],
  ["shell", "text"],
  ["station", "text"],
  ["code", "text"],
  ["check.en", "text", true],
  ["check.zh", "text", true],
  ["kind", "choice", true],
  ["isRequired", "yesNo"],
  ["good", "text"],
  ["unit", "text"],
  ["low", "number"],
  ["high", "number"],
  ["choices", "text"],
];

/** Checks of rounds, a row each, in the order of the route; its key is `ROUND/POINT/CHECK`. Titles and schedules of rounds stay as they are. */
export function roundTable(viewOf: (principal: Principal) => PlantView): ListTable {
  return {
    id: "inspectionChecks",
    title: textsOf(message("rounds.checks")),
    key: "key",
    columns: COLUMNS.map(([key, kind, isRequired]) => ({
      key,
      title: textsOf(message(`rounds.column.${key}` as "rounds.column.key")),
      kind,
      ...(key === "kind" && { choices: [...CHECK_KINDS] }),
      ...(isRequired && { isRequired }),
    })),
    async rows(principal, branch) {
      return roundsOf(viewOf(principal), branch).flatMap(rowsOf);
    },
    async changes(principal, branch, rows) {
      const view = viewOf(principal);
      const reader = view.documents.reader(branch);
      const known = new Map(roundsOf(view, branch).map((round) => [round.code, round]));
      const [changes, faults]: [Change[], ListFault[]] = [[], []];
      for (const [code, own] of byRound(rows, faults)) {
        const before = known.get(code);
        const candidate = withRows(before ?? { code, title: { en: code, zh: code }, points: [] }, own);
        const read = RoundFields.safeParse(candidate);
        if (!read.success) {
          faults.push(...own.slice(0, 1).map(({ at }) => ({ row: at, message: faultsOf(read.error.issues, candidate)[0]! })));
          continue;
        }
        const id = roundDocumentId(code);
        const change = documentChange(inspectionRound, id, reader.get(id), read.data);
        if (change) changes.push(change);
      }
      return { changes, faults };
    },
  };
}

function rowsOf({ code: round, points }: RoundFields): readonly ListRow[] {
  return points.flatMap((point) =>
    point.checks.map(({ id, title, kind, isRequired, good, choices, ...limits }) => ({
      key: `${round}/${point.id}/${id}`,
      "point.en": point.title.en,
      "point.zh": point.title.zh,
      ...(point.shell !== undefined && { shell: point.shell }),
      ...(point.station !== undefined && { station: point.station }),
      ...(point.code !== undefined && { code: point.code }),
      "check.en": title.en,
      "check.zh": title.zh,
      kind,
      isRequired,
      ...(good !== undefined && { good: typeof good === "boolean" ? String(good) : good.join("; ") }),
      ...(choices !== undefined && { choices: choices.join("; ") }),
      ...limits,
    })),
  );
}

interface KeyedRow {
  readonly at: number;
  readonly point: string;
  readonly check: string;
  readonly row: ListRow;
}

function byRound(rows: readonly ListRow[], faults: ListFault[]): ReadonlyMap<string, readonly KeyedRow[]> {
  const found = new Map<string, KeyedRow[]>();
  for (const [at, row] of rows.entries()) {
    const parts = String(row["key"]).split("/");
    const [round, point, check] = parts;
    if (parts.length !== 3 || !round || !point || !check) {
      faults.push({ row: at, column: "key", message: message("rounds.fault.key", { key: String(row["key"]).slice(0, 60) }) });
      continue;
    }
    const keyed = { at, point, check, row };
    const own = found.get(round);
    if (own === undefined) found.set(round, [keyed]);
    else own.push(keyed);
  }
  return found;
}

/** Checks of the rows in place of those of their ids; others stay, new points come last. */
function withRows(before: Pick<RoundFields, "code" | "title" | "points">, rows: readonly KeyedRow[]): unknown {
  const points = new Map<string, { checks: unknown[] } & Record<string, unknown>>(
    before.points.map((point) => [point.id, { ...point, checks: [...point.checks] }]),
  );
  for (const { point: id, check, row } of rows) {
    const own = points.get(id) ?? { id, checks: [] };
    points.set(id, own);
    Object.assign(own, { title: { en: row["point.en"] ?? "", zh: row["point.zh"] ?? "" } });
    for (const name of ["shell", "station", "code"]) if (row[name] !== undefined && row[name] !== "") own[name] = String(row[name]);
    const at = own.checks.findIndex((each) => (each as { readonly id: string }).id === check);
    own.checks.splice(at < 0 ? own.checks.length : at, at < 0 ? 0 : 1, checkOf(check, row));
  }
  return { ...before, points: [...points.values()] };
}

const listOf = (text: unknown): readonly string[] =>
  String(text)
    .split(";")
    .map((each) => each.trim())
    .filter((each) => each !== "");

function checkOf(id: string, row: ListRow): unknown {
  const given = Object.fromEntries(
    ["kind", "isRequired", "unit", "low", "high"].flatMap((key) => (row[key] === undefined || row[key] === "" ? [] : [[key, row[key]]])),
  );
  const good =
    row["good"] === undefined || row["good"] === ""
      ? undefined
      : row["kind"] === "yesNo"
        ? row["good"] === "true" || row["good"] === true
        : listOf(row["good"]);
  return {
    id,
    title: { en: row["check.en"] ?? "", zh: row["check.zh"] ?? "" },
    ...given,
    ...(good !== undefined && { good }),
    ...(row["choices"] !== undefined && row["choices"] !== "" && { choices: listOf(row["choices"]) }),
  };
}
