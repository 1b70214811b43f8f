import { cursorGone } from "./cursor-gone.ts";
import type { EventKey, EventSelection, EventSpan, EventStore, StoredEvent } from "../ports/event-store.ts";

interface Row {
  readonly event: StoredEvent;
  readonly at: number;
  readonly arrival: number;
}

/** Events in memory, for tests and simulations: lists in order of time, one for each way of asking. */
export function createMemoryEventStore(): EventStore {
  const lists = new Map<string, Row[]>();
  const known = new Map<string, Row>();
  const counted = { recorded: 0, duplicates: 0 };
  let arrivals = 0;

  const rowsOf = (span: EventSpan, selection: EventSelection): readonly Row[] => {
    const list = lists.get(listName(span, selection)) ?? [];
    return list.slice(lowerBound(list, span.from, 0), lowerBound(list, span.to, 0)).filter((row) => matches(row, selection));
  };
  const selected = (selection: EventSelection): readonly Row[] => selection.spans.flatMap((span) => rowsOf(span, selection));

  return {
    async record(events) {
      const before = known.size;
      for (const event of events) {
        if (known.has(nameOf(event))) continue;
        const row = { event, at: event.at, arrival: ++arrivals };
        known.set(nameOf(event), row);
        for (const name of listNames(event)) insert(lists, name, row);
      }
      const recorded = known.size - before;
      counted.recorded += recorded;
      counted.duplicates += events.length - recorded;
      return recorded;
    },
    async query({ order, limit, after, ...selection }) {
      let rows = selected(selection);
      if (after !== undefined) {
        const last = selection.spans.map(({ branch }) => known.get(nameOf({ ...after, branch }))).find((row) => row !== undefined);
        if (last === undefined) throw cursorGone();
        rows = rows.filter((row) => (order === "ascending" ? isBefore(last, row) : isBefore(row, last)));
      }
      const page = order === "ascending" ? rows.slice(0, limit) : rows.slice(Math.max(0, rows.length - limit)).toReversed();
      return page.map(({ event }) => event);
    },
    async count(selection) {
      const counts = new Map<string, number>();
      for (const { subject } of selected(selection).map(({ event }) => event)) counts.set(subject, (counts.get(subject) ?? 0) + 1);
      return counts;
    },
    async expire({ before, branch, types }) {
      const goes = ({ event }: Row): boolean =>
        event.at < before && (branch === undefined || event.branch === branch) && (types === undefined || types.includes(event.type));
      let expired = 0;
      for (const [name, row] of known) if (goes(row) && known.delete(name)) expired++;
      for (const [name, list] of lists)
        lists.set(
          name,
          list.filter((row) => !goes(row)),
        );
      return expired;
    },
    counts: () => ({ ...counted, refused: 0, waiting: 0 }),
    damages: () => [],
    async close() {},
  };
}

function nameOf({ branch, at, id }: Pick<StoredEvent, "branch" | "at" | "id">): string {
  return `${branch}\n${at}\n${id}`;
}

function listNames({ branch, subject, keys }: StoredEvent): readonly string[] {
  return [branch, subjectList(branch, subject), ...keys.map((key) => keyList(branch, key))];
}

function listName({ branch }: EventSpan, { subject, key }: EventSelection): string {
  if (key !== undefined) return keyList(branch, key);
  return subject === undefined ? branch : subjectList(branch, subject);
}

function subjectList(branch: string, subject: string): string {
  return `${branch}\nsubject\n${subject}`;
}

function keyList(branch: string, { name, value }: EventKey): string {
  return `${branch}\nkey\n${name}\n${value}`;
}

function matches({ event }: Row, { subject, types, knownAt }: EventSelection): boolean {
  if (subject !== undefined && event.subject !== subject) return false;
  if (types !== undefined && !types.includes(event.type)) return false;
  return knownAt === undefined || event.known <= knownAt;
}

function insert(lists: Map<string, Row[]>, name: string, row: Row): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [row]);
  else list.splice(lowerBound(list, row.at, row.arrival), 0, row);
}

/** The first place that is not before (at, arrival). */
function lowerBound(list: readonly Row[], at: number, arrival: number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(list[middle]!, { at, arrival })) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isBefore(a: Pick<Row, "at" | "arrival">, b: Pick<Row, "at" | "arrival">): boolean {
  return a.at < b.at || (a.at === b.at && a.arrival < b.arrival);
}
