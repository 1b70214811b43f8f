import { documentChange, DoppelwerkError, message, readDocument } from "@doppelwerk/kit";
import type { Message } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import { LIVE, type BranchId, type Change, type Instant, type RecordReader } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { correctionsAfter, orderDocumentId, OrderFields, productionOrder, type StoredOrder } from "../model/order-kind.ts";
import { takeMessage } from "../model/taken-message.ts";
import type { ReadRow } from "./sources/adapter.ts";

export interface TakenRows {
  taken: number;
  duplicates: number;
  outdated: number;
  readonly refused: { readonly where: string; readonly reason: Message }[];
}

/** Changes of one transaction. */
const MAX_CHANGES = 500;
const MAX_ATTEMPTS = 20;
const PAUSE_MS = 5;

export interface OrderBookOptions {
  /** The plant for the feature's own work. */
  readonly own: PlantView;
  now(): Instant;
  shellOf(line: string): string | undefined;
}

/** Orders as documents. One a number, never deleted, so that its versions are the whole history of it. */
export class OrderBook {
  readonly #options: OrderBookOptions;

  constructor(options: OrderBookOptions) {
    this.#options = options;
  }

  list(view: PlantView, branch: BranchId): readonly StoredOrder[] {
    return ordersOf(view.documents.reader(branch));
  }

  /** Errors: DW_NOT_FOUND. */
  require(view: PlantView, branch: BranchId, number: string): StoredOrder {
    const record = view.documents.reader(branch).get(orderDocumentId(number));
    const order = record && readDocument(productionOrder, record);
    if (order === undefined) throw noOrder(number);
    return order;
  }

  /**
   * Takes what a source has, in its order; on disk when it resolves. Each message is a version of its order, also where one transaction has several of them.
   * What was taken before changes nothing, so that the same rows may come again after a crash.
   */
  async take(source: { readonly id: string; readonly name: string }, rows: readonly ReadRow[]): Promise<TakenRows> {
    const result: TakenRows = { taken: 0, duplicates: 0, outdated: 0, refused: [] };
    for (let next = 0; next < rows.length;) next = await this.#takeSome(source, rows, next, result);
    return result;
  }

  /** One transaction of rows from `from` on, until an order comes again; returns the first row that is left. */
  async #takeSome(
    { id, name }: { readonly id: string; readonly name: string },
    rows: readonly ReadRow[],
    from: number,
    result: TakenRows,
  ): Promise<number> {
    const { own, now, shellOf } = this.#options;
    for (let attempt = 1; ; attempt++) {
      const reader = own.documents.reader(LIVE);
      const changes = new Map<string, Change>();
      const counted: TakenRows = { taken: 0, duplicates: 0, outdated: 0, refused: [] };
      let next = from;
      for (; next < rows.length && changes.size < MAX_CHANGES; next++) {
        const { where, read } = rows[next]!;
        if ("fault" in read) {
          counted.refused.push({ where, reason: read.fault });
          continue;
        }
        const document = orderDocumentId(read.message.number);
        if (changes.has(document)) break;
        const record = reader.get(document);
        const before = record && readDocument(productionOrder, record);
        const taken = takeMessage(before, read.message, { source: id, by: id, now: now(), shellOf });
        if (taken.kind === "refused") counted.refused.push({ where, reason: taken.why });
        else if (taken.kind === "duplicate") counted.duplicates++;
        else if (taken.kind === "outdated") counted.outdated++;
        else {
          counted.taken++;
          const change = documentChange(productionOrder, document, record, taken.order);
          if (change) changes.set(document, change);
        }
      }
      try {
        if (changes.size > 0)
          await own.documents.apply({
            branch: LIVE,
            reason: message("orders.log.taken", { source: name, count: changes.size }),
            changes: [...changes.values()],
          });
        result.taken += counted.taken;
        result.duplicates += counted.duplicates;
        result.outdated += counted.outdated;
        result.refused.push(...counted.refused);
        return next;
      } catch (error) {
        await overtaken(error, attempt);
      }
    }
  }

  /**
   * Stores what a person says of an order. Errors: DW_CONFLICT where it changed since `expected` (the `at` that the caller saw; null: there was none).
   */
  async store(
    view: PlantView,
    branch: BranchId,
    fields: OrderFields,
    expected: number | null | undefined,
    beside: readonly Change[] = [],
  ): Promise<StoredOrder> {
    const { order, change } = this.changeOf(view, branch, fields, expected);
    const changes = change === undefined ? beside : [change, ...beside];
    if (changes.length > 0)
      await view.documents.apply({ branch, reason: message("orders.log.stored", { number: fields.number }), changes });
    return order;
  }

  /** Moves a part of an order to a new one. Errors: DW_NOT_FOUND, DW_CONFLICT where the number is taken, the order is over, or nothing would be left. */
  async split(
    view: PlantView,
    branch: BranchId,
    number: string,
    { number: to, quantity, expected }: { readonly number: string; readonly quantity: number; readonly expected?: number | undefined },
  ): Promise<{ readonly kept: StoredOrder; readonly split: StoredOrder }> {
    const before = this.require(view, branch, number);
    if (before.state === "cancelled" || before.state === "closed" || quantity >= before.quantity)
      throw new DoppelwerkError("DW_CONFLICT", message("orders.fault.split", { number }));
    const share = (own: number): OrderFields["materials"] =>
      before.materials.map((each) => (each.quantity === undefined ? each : { ...each, quantity: (each.quantity * own) / before.quantity }));
    const { sequence: _, ...fields } = OrderFields.parse(before);
    const part = { ...fields, number: to, quantity, materials: share(quantity), splitFrom: number };
    const { order: split, change } = this.changeOf(view, branch, part, null);
    const rest = { ...OrderFields.parse(before), quantity: before.quantity - quantity, materials: share(before.quantity - quantity) };
    const kept = await this.store(view, branch, rest, expected, change === undefined ? [] : [change]);
    return { kept, split };
  }

  /** Gives orders their places; those of the same lines that had one and are not named lose it. Errors: DW_NOT_FOUND. */
  async sequence(view: PlantView, branch: BranchId, numbers: readonly string[]): Promise<void> {
    const places = new Map(numbers.map((number, place) => [number, place]));
    const own = numbers.map((number) => this.require(view, branch, number));
    const lines = new Set(own.map(({ line }) => line));
    const others = ordersOf(view.documents.reader(branch)).filter(
      ({ number, line, sequence }) => sequence !== undefined && lines.has(line) && !places.has(number),
    );
    const changes = [...own, ...others].flatMap((order) => {
      const { sequence: _, ...fields } = OrderFields.parse(order);
      const place = places.get(order.number);
      if (place === order.sequence) return [];
      return this.changeOf(view, branch, place === undefined ? fields : { ...fields, sequence: place }, undefined).change ?? [];
    });
    if (changes.length > 0)
      await view.documents.apply({ branch, reason: message("orders.log.sequence", { count: numbers.length }), changes });
  }

  changeOf(
    view: PlantView,
    branch: BranchId,
    fields: OrderFields,
    expected: number | null | undefined,
  ): { readonly order: StoredOrder; readonly change: Change | undefined } {
    const { now, shellOf } = this.#options;
    const id = orderDocumentId(fields.number);
    const record = view.documents.reader(branch).get(id);
    if (record === undefined && view.hides(branch, id)) throw noOrder(fields.number);
    const before = record && readDocument(productionOrder, record);
    if (expected !== undefined && (before?.at ?? null) !== expected)
      throw new DoppelwerkError("DW_CONFLICT", message("orders.changedMeanwhile", { number: fields.number }));
    const shell = shellOf(fields.line);
    const at = Math.max(now(), (before?.at ?? 0) + 1);
    const { source, messages = [], known = at } = before ?? {};
    const order: StoredOrder = {
      ...fields,
      ...(shell !== undefined && { shell }),
      ...(source !== undefined && { source }),
      messages,
      at,
      known,
      by: view.principal.id,
      corrections: correctionsAfter(before, fields),
    };
    return { order, change: documentChange(productionOrder, id, record, order) };
  }
}

export function ordersOf(reader: RecordReader): readonly StoredOrder[] {
  return reader.query({ kind: productionOrder.record }).flatMap((record) => readDocument(productionOrder, record) ?? []);
}

export const noOrder = (number: string): DoppelwerkError =>
  new DoppelwerkError("DW_NOT_FOUND", message("orders.noOrder", { number: number.slice(0, 100) }));

/** Waits and returns where somebody wrote between reading and writing; else it throws what was thrown. */
async function overtaken(error: unknown, attempt: number): Promise<void> {
  if (!(error instanceof DoppelwerkError) || error.code !== "DW_CONFLICT" || attempt === MAX_ATTEMPTS) throw error;
  await new Promise((resolve) => setTimeout(resolve, attempt * PAUSE_MS));
}
