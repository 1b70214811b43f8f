import { SPAN_NAMES, type SpanName } from "./occurrences/use-occurrences.ts";
import type { Sort, SortColumn } from "./occurrences/listed.ts";

export const LISTS = ["active", "returned", "shelved", "suppressed", "outOfService", "journal", "ahead", "rules"] as const;
export type ListName = (typeof LISTS)[number];
/** Lists of alarms by their state now. */
export type StateList = Exclude<ListName, "journal" | "ahead" | "rules">;

/** What is folded under the first of it: consequences of a first out, or alarms of one station that came soon after one another. */
export const GROUPINGS = ["firstOut", "station", "none"] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** What the page lists; it travels in the link. */
export interface AlarmChoice {
  readonly list: ListName;
  /** How far back the journal goes. */
  readonly span: SpanName;
  /** None: all. */
  readonly priorities: readonly number[];
  /** Id of a station, or `line:` and the id of a line; undefined: the whole world. */
  readonly place?: string | undefined;
  readonly search: string;
  readonly grouping: Grouping;
  /** Undefined: the order of the list itself. */
  readonly sort?: Sort | undefined;
}

const COLUMNS: readonly SortColumn[] = ["priority", "raised", "place", "title", "duration", "acknowledged"];

/** Reads what a link says; what it cannot mean falls back field by field. */
export function parseAlarmChoice(detail: string | undefined): AlarmChoice {
  const [first = "", ...rest] = (detail ?? "").split("/");
  const list = LISTS.find((each) => each === first) ?? "active";
  const words = new URLSearchParams(list === "rules" ? "" : rest.join("/"));
  const span = SPAN_NAMES.find((each) => each === words.get("w"));
  const [, by, down] = /^([a-z]+)(-?)$/.exec(words.get("o") ?? "") ?? [];
  const column = COLUMNS.find((each) => each === by);
  return {
    list,
    span: span ?? "1d",
    priorities: [1, 2, 3, 4].filter((priority) => (words.get("p") ?? "").split(",").includes(String(priority))),
    place: words.get("at") ?? undefined,
    search: words.get("q") ?? "",
    grouping: GROUPINGS.find((each) => each === words.get("g")) ?? "firstOut",
    ...(column !== undefined && { sort: { by: column, descending: down === "-" } }),
  };
}

/** The detail of the address; undefined for the list as it opens. */
export function formatAlarmChoice({ list, span, priorities, place, search, grouping, sort }: AlarmChoice): string | undefined {
  if (list === "rules") return "rules";
  const words = new URLSearchParams();
  if (span !== "1d") words.set("w", span);
  if (priorities.length > 0) words.set("p", priorities.join(","));
  if (place !== undefined) words.set("at", place);
  if (search !== "") words.set("q", search);
  if (grouping !== "firstOut") words.set("g", grouping);
  if (sort !== undefined) words.set("o", `${sort.by}${sort.descending ? "-" : ""}`);
  const text = words.toString();
  return text === "" ? (list === "active" ? undefined : list) : `${list}/${text}`;
}
