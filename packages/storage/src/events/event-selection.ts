import type { EventSelection, EventSpan, StoredEvent, StoredEventQuery } from "@doppelwerk/world";
import type { EventFile, EventRow } from "./event-file.ts";

/** A place in the order of events. */
export interface Place {
  readonly at: number;
  readonly arrival: number;
}

export interface PlacedEvent extends Place {
  readonly event: StoredEvent;
}

/** SQL of one walk along an index: its rows come in the order that is asked for. */
interface Walk {
  readonly from: string;
  readonly where: readonly string[];
  readonly values: readonly (string | number)[];
}

/** The arrival of an event; undefined when the file does not hold it. */
export function arrivalOf(file: EventFile, branch: string, { at, id }: Pick<StoredEvent, "at" | "id">): number | undefined {
  const branchId = file.idOf(branch);
  if (branchId === undefined) return undefined;
  return file.statement("SELECT arrival FROM events WHERE branch = ? AND at = ? AND id = ?").get(branchId, at, id)?.["arrival"] as
    | number
    | undefined;
}

/** The first events of a file in the order asked for, after a place. */
export function selectEvents(
  file: EventFile,
  span: EventSpan,
  { order, limit, ...selection }: Omit<StoredEventQuery, "after" | "spans">,
  after: Place | undefined,
): readonly PlacedEvent[] {
  const found: EventRow[] = [];
  const [direction, beyond] = order === "ascending" ? ["ASC", ">"] : ["DESC", "<"];
  for (const { from, where, values } of walks(file, span, selection)) {
    const table = from.startsWith("events") ? "events" : "event_keys";
    const place = after === undefined ? "" : ` AND (${table}.at, ${table}.arrival) ${beyond} (?, ?)`;
    const sql = `SELECT events.* FROM ${from} WHERE ${where.join(" AND ")}${place} ORDER BY ${table}.at ${direction}, ${table}.arrival ${direction} LIMIT ?`;
    const rows = file.statement(sql).all(...values, ...(after === undefined ? [] : [after.at, after.arrival]), limit);
    for (const row of rows) found.push(row as unknown as EventRow);
  }
  return found.map((row) => ({ at: row.at, arrival: row.arrival, event: file.eventOf(row) }));
}

/** By subject. */
export function countEvents(file: EventFile, span: EventSpan, selection: Omit<EventSelection, "spans">): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { from, where, values } of walks(file, span, selection, "event_subjects")) {
    const rows = file
      .statement(`SELECT events.subject AS subject, count(*) AS count FROM ${from} WHERE ${where.join(" AND ")} GROUP BY events.subject`)
      .all(...values);
    for (const { subject, count } of rows as unknown as readonly { readonly subject: number; readonly count: number }[]) {
      const text = file.textOf(subject);
      counts.set(text, (counts.get(text) ?? 0) + count);
    }
  }
  return counts;
}

/** By key, else by subject, else type by type, else all of the branch; the rest is looked at row by row. Empty where a name is not in the file. */
function walks(
  file: EventFile,
  span: EventSpan,
  selection: Omit<EventSelection, "spans">,
  ofBranch: "event_names" | "event_subjects" = "event_names",
): readonly Walk[] {
  const { subject, types, key, knownAt } = selection;
  const branch = file.idOf(span.branch);
  const subjectId = subject === undefined ? undefined : file.idOf(subject);
  const typeIds = types?.flatMap((type) => file.idOf(type) ?? []);
  if (branch === undefined || (subject !== undefined && subjectId === undefined) || typeIds?.length === 0) return [];
  const known = knownAt === undefined ? { where: [], values: [] } : { where: ["events.known <= ?"], values: [knownAt] };
  const range = [span.from, span.to] as const;
  if (key !== undefined || subjectId !== undefined) {
    const where = [...known.where];
    const values: (string | number)[] = [...known.values];
    if (typeIds !== undefined) where.push(`events.type IN (${typeIds.join(", ")})`);
    if (key === undefined)
      return [
        {
          from: "events INDEXED BY event_subjects",
          where: ["branch = ?", "subject = ?", "at >= ?", "at < ?", ...where],
          values: [branch, subjectId!, ...range, ...values],
        },
      ];
    const name = file.idOf(key.name);
    if (name === undefined) return [];
    if (subjectId !== undefined) {
      where.push("events.subject = ?");
      values.push(subjectId);
    }
    const keyed = ["branch", "name", "value"].map((column) => `event_keys.${column} = ?`);
    return [
      {
        from: "event_keys CROSS JOIN events ON events.arrival = event_keys.arrival",
        where: [...keyed, "event_keys.at >= ?", "event_keys.at < ?", ...where],
        values: [branch, name, key.value, ...range, ...values],
      },
    ];
  }
  const where = ["branch = ?", "at >= ?", "at < ?", ...known.where];
  const values = [branch, ...range, ...known.values];
  if (typeIds === undefined) return [{ from: `events INDEXED BY ${ofBranch}`, where, values }];
  return typeIds.map((type) => ({ from: "events INDEXED BY event_types", where: [...where, "type = ?"], values: [...values, type] }));
}
