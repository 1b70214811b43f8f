import { orderedRows } from "@doppelwerk/connectors/sql";
import { DoppelwerkError, message, z } from "@doppelwerk/kit";
import type {} from "../../message-codes.ts";
import { readMessage } from "../../model/field-map.ts";
import type { SqlSource } from "../../model/source-kind.ts";
import type { Adapter, Batch, ReadRow } from "./adapter.ts";

/** How far behind the greatest number rows are asked for again: a transaction that took a number earlier may be committed later. */
const OVERLAP = 200;

const Position = z.object({ at: z.int().min(0), seen: z.array(z.int()).max(OVERLAP + 1) });

/** A query of a PostgreSQL database, asked in a read-only transaction. */
export class SqlAdapter implements Adapter {
  readonly #source: SqlSource;
  readonly #password: string;

  constructor(source: SqlSource, password: string | undefined) {
    this.#source = source;
    this.#password = password ?? "";
  }

  async poll(position: string | undefined): Promise<Batch> {
    const { position: column, limit, fields } = this.#source;
    const { at, seen } = position === undefined ? { at: 0, seen: [] } : Position.parse(JSON.parse(position));
    const known = new Set(seen);
    const asked = { ...this.#source, password: this.#password, orderBy: column, limit: limit + OVERLAP };
    const found = await orderedRows(asked, Math.max(0, at - OVERLAP));
    const rows: ReadRow[] = [];
    const taken = new Set(seen);
    let last = at;
    for (const row of found) {
      const own = Number(row[column] ?? Number.NaN);
      if (!Number.isSafeInteger(own) || own < 1)
        throw new DoppelwerkError("DW_UNAVAILABLE", message("orders.fault.noPosition", { column }));
      if (known.has(own)) continue;
      taken.add(own);
      last = Math.max(last, own);
      const read = readMessage(withLists(row), fields);
      rows.push({ where: `${column} ${own}`, read: "message" in read ? { message: { message: `#${own}`, ...read.message } } : read });
    }
    const kept = [...taken].filter((each) => each > last - OVERLAP).toSorted((a, b) => a - b);
    return {
      rows,
      position: rows.length === 0 ? position : JSON.stringify({ at: last, seen: kept.slice(-OVERLAP) }),
      hasMore: found.length >= asked.limit && rows.length > 0,
    };
  }

  async close(): Promise<void> {}
}

/** Columns that hold JSON are what they hold; nulls are not there. */
function withLists(row: Readonly<Record<string, string | null>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(row).flatMap(([name, value]): readonly (readonly [string, unknown])[] => {
      if (value === null) return [];
      if (!/^\s*\[/.test(value)) return [[name, value]];
      try {
        return [[name, JSON.parse(value)]];
      } catch {
        // a text that begins like a list is a text
        return [[name, value]];
      }
    }),
  );
}
