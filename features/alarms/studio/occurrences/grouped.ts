import { MINUTE } from "@doppelwerk/world";
import type { Grouping } from "../alarm-choice.ts";
import type { ListedOccurrence } from "./listed.ts";

/** Consequences are folded under their first out from so many on. */
export const MIN_FOLDED = 5;

/** What one line of the table shows. */
export type TableRow =
  | { readonly kind: "occurrence"; readonly occurrence: ListedOccurrence; readonly isFirstOut: boolean; readonly isUnder: boolean }
  | {
      readonly kind: "fold";
      /** Of the first out. */
      readonly under: string;
      readonly count: number;
      readonly unacknowledged: number;
      readonly priority: 1 | 2 | 3 | 4;
      readonly isOpen: boolean;
    }
  /** Heading of those that returned before anybody acknowledged them. */
  | { readonly kind: "returned" };

/** Alarms of one station that are raised so soon after the one before are one group. */
const SOON = MINUTE;
/** By station somebody asked for groups: two are one already. */
const MIN_OF_STATION = 2;

/**
 * The rows of a list in its order, with what follows one alarm folded under it: consequences of a first out from five on, alarms of a station from two on.
 * One that nobody acknowledged and that is more urgent than the first keeps a row of its own.
 */
export function groupedRows(list: readonly ListedOccurrence[], open: ReadonlySet<string>, grouping: Grouping): readonly TableRow[] {
  const byKey = new Map(list.map((each) => [each.key, each]));
  const leaders = grouping === "station" ? leadersOfStations(list) : undefined;
  const followers = new Map<string, ListedOccurrence[]>();
  for (const each of list) {
    const leader = leaders === undefined ? each.follows : leaders.get(each.key);
    if (leader === undefined) continue;
    const own = followers.get(leader);
    if (own) own.push(each);
    else followers.set(leader, [each]);
  }
  const folded = new Map<string, readonly ListedOccurrence[]>();
  for (const [key, own] of grouping === "none" ? [] : followers) {
    const leader = byKey.get(key);
    const under = leader === undefined ? [] : own.filter((each) => !isUnacknowledged(each) || each.priority >= leader.priority);
    if (under.length >= (leaders === undefined ? MIN_FOLDED : MIN_OF_STATION - 1)) folded.set(key, under);
  }
  const hidden = new Set([...folded.values()].flat());
  return list.flatMap((occurrence): TableRow[] => {
    if (hidden.has(occurrence)) return [];
    const row: TableRow = {
      kind: "occurrence",
      occurrence,
      isFirstOut: leaders === undefined && followers.has(occurrence.key),
      isUnder: false,
    };
    const under = folded.get(occurrence.key);
    if (under === undefined) return [row];
    const isOpen = open.has(occurrence.key);
    const shown = isOpen ? under.map((each): TableRow => ({ kind: "occurrence", occurrence: each, isFirstOut: false, isUnder: true })) : [];
    return [row, foldOf(occurrence.key, under, isOpen), ...shown];
  });
}

/** Of each alarm that came soon after another one of its station: the first of them. */
function leadersOfStations(list: readonly ListedOccurrence[]): ReadonlyMap<string, string> {
  const before = new Map<string, { readonly leader: string; readonly last: number }>();
  const leaders = new Map<string, string>();
  for (const { key, station, raised } of list.toSorted((a, b) => a.raised - b.raised)) {
    const known = station === "" ? undefined : before.get(station);
    const leader = known !== undefined && raised - known.last <= SOON ? known.leader : key;
    if (leader !== key) leaders.set(key, leader);
    before.set(station, { leader, last: raised });
  }
  return leaders;
}

/** The rows with a heading before those that had returned when the list was laid out, which are the last: nothing moves while it is pointed at. */
export function withReturnedHead(rows: readonly TableRow[], laidOut: readonly ListedOccurrence[]): readonly TableRow[] {
  const returned = new Set(laidOut.flatMap(({ key, state }) => (state === "returnedUnacknowledged" ? [key] : [])));
  const before = rows.findLastIndex((row) => row.kind !== "occurrence" || !returned.has(row.occurrence.key));
  return before === rows.length - 1 ? rows : [...rows.slice(0, before + 1), { kind: "returned" }, ...rows.slice(before + 1)];
}

function foldOf(under: string, own: readonly ListedOccurrence[], isOpen: boolean): TableRow {
  const priority = Math.min(...own.map((each) => each.priority)) as 1 | 2 | 3 | 4;
  return { kind: "fold", under, count: own.length, unacknowledged: own.filter(isUnacknowledged).length, priority, isOpen };
}

export const isUnacknowledged = ({ state, raisedAgain }: ListedOccurrence): boolean =>
  raisedAgain === undefined && (state === "unacknowledged" || state === "returnedUnacknowledged");
