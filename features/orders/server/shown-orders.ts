import { DAY, HOUR, readDocument, recordOfAasId } from "@doppelwerk/kit";
import type { FeatureContext, PlantView } from "@doppelwerk/kit/server";
import { lineFlow, type KnownLine } from "@doppelwerk/ports";
import type { BranchId, Instant } from "@doppelwerk/world";
import type { z } from "zod";
import { Made, type KnownOrder, type list } from "../contract.ts";
import type { orders } from "../feature.ts";
import { LineNames } from "../model/line-names.ts";
import { orderDocumentId, OrderFields, productionOrder, type StoredOrder } from "../model/order-kind.ts";
import { inSequence, progressOf, type CountedLine, type LineProgress, type Progress } from "../model/progress.ts";
import { materialDefinition } from "../model/resource-kinds.ts";
import type { CountedLines } from "./counted-lines.ts";
import { ordersOf } from "./order-book.ts";

/** Orders that one answer lists. */
const MAX_LISTED = 1_000;
const PACE_SPAN: Instant = 2 * HOUR;
const OVER = new Set(["completed", "cancelled", "aborted", "closed"]);

export interface ShownQuestion {
  readonly branch: BranchId;
  readonly t?: Instant | undefined;
  readonly line?: string | undefined;
  readonly days: number;
}

/** Everything of the orders of a branch at an instant that other parts of the feature compute with. */
export interface OrderPicture {
  readonly at: Instant;
  readonly lines: readonly LinePicture[];
  /** Orders of no line that is known. */
  readonly astray: readonly StoredOrder[];
  readonly products: ReadonlySet<string>;
}

export interface LinePicture {
  readonly line: KnownLine;
  /** In their sequence. */
  readonly orders: readonly StoredOrder[];
  readonly counted: (CountedLine & { readonly isSimulated: boolean }) | undefined;
  readonly progress: LineProgress | undefined;
  readonly pace: number | undefined;
}

export class ShownOrders {
  readonly #ctx: FeatureContext<typeof orders>;
  readonly #counted: CountedLines;
  readonly #sourceName: (id: string) => string | undefined;

  constructor(ctx: FeatureContext<typeof orders>, countedLines: CountedLines, sourceName: (id: string) => string | undefined) {
    this.#ctx = ctx;
    this.#counted = countedLines;
    this.#sourceName = sourceName;
  }

  async picture(view: PlantView, branch: BranchId, t: Instant | undefined): Promise<OrderPicture> {
    const at = t ?? this.#ctx.now();
    const { lines } = await this.#ctx.use(lineFlow).lines(branch);
    const visible = lines.filter(({ shell }) => isVisible(view, branch, shell));
    const names = new LineNames(visible);
    const reader = view.documents.reader(branch);
    const stored = t === undefined ? ordersOf(reader) : ordersAsOf(view, branch, t);
    const byLine = new Map<string, StoredOrder[]>(visible.map(({ id }) => [id, []]));
    const astray: StoredOrder[] = [];
    for (const order of stored) (byLine.get(names.of(order.line)?.id ?? "") ?? astray).push(order);
    const folded = await this.#ctx.use(lineFlow).folded();
    const products = new Set([
      ...folded.flatMap(({ definition }) => definition.products.map(({ id }) => id)),
      ...reader.query({ kind: materialDefinition.record }).flatMap((record) => {
        const found = readDocument(materialDefinition, record);
        return found?.use === "product" ? [found.material] : [];
      }),
    ]);
    return {
      at,
      products,
      astray,
      lines: await Promise.all(
        visible.map(async (line) => {
          const own = inSequence(byLine.get(line.id) ?? []);
          const counted = await this.#counted.of(view, line.id);
          return {
            line,
            orders: own,
            counted,
            progress: counted && progressOf(own, since(counted, own), at),
            pace: counted && paceOf(counted, at),
          };
        }),
      ),
    };
  }

  async list(view: PlantView, { branch, t, line, days }: ShownQuestion): Promise<z.output<(typeof list)["answer"]>> {
    const picture = await this.picture(view, branch, t);
    const lines = picture.lines.filter(({ line: { id } }) => line === undefined || id === line);
    const shown = [
      ...lines.flatMap((each) => this.ofLine(each, picture)),
      ...(line === undefined ? picture.astray.map((order) => this.shown(order, undefined, undefined, picture)) : []),
    ].filter((order) => !OVER.has(order.state) || endOfOrder(order) >= picture.at - days * DAY);
    return {
      at: picture.at,
      orders: shown.slice(0, MAX_LISTED),
      more: Math.max(0, shown.length - MAX_LISTED),
      lines: lines.map(({ line: { id, title }, pace, counted, progress }) => ({
        line: id,
        title,
        ...(pace !== undefined && { pace }),
        isCounted: counted !== undefined,
        isSimulated: counted?.isSimulated ?? false,
        unordered: [...(progress?.unordered ?? [])].map(([product, pieces]) => ({ product, pieces })),
      })),
    };
  }

  async one(view: PlantView, branch: BranchId, { number }: StoredOrder): Promise<KnownOrder> {
    const picture = await this.picture(view, branch, undefined);
    const own = picture.lines.find(({ orders: all }) => all.some((order) => order.number === number));
    if (own !== undefined) return this.ofLine(own, picture).find((order) => order.number === number)!;
    return this.shown(
      picture.astray.find((order) => order.number === number)!,
      undefined,
      undefined,
      picture,
    );
  }

  ofLine({ line, orders: own, progress, pace }: LinePicture, picture: OrderPicture): readonly KnownOrder[] {
    const shown = own.map((order) => this.shown(order, line, progress?.byNumber.get(order.number), picture));
    return pace === undefined ? shown : withExpectedEnds(shown, pace, picture.at);
  }

  shown(order: StoredOrder, line: KnownLine | undefined, made: Progress | undefined, picture: OrderPicture): KnownOrder {
    const { source, at, known, by } = order;
    const state = made?.state ?? (order.state === "released" ? "waiting" : order.state);
    const name = source === undefined ? undefined : this.#sourceName(source);
    return {
      number: order.number,
      fields: OrderFields.parse(order),
      state,
      ...(line && { line: line.id }),
      ...(source !== undefined && { source: { id: source, name: name ?? source } }),
      at,
      known,
      by: source !== undefined && by === source ? (name ?? "ERP") : this.#ctx.nameOf(by),
      ...(made && { made: Made.parse(made) }),
      findings: findingsOf(order, line, made, state, picture),
    };
  }
}

function findingsOf(
  order: StoredOrder,
  line: KnownLine | undefined,
  made: Progress | undefined,
  state: KnownOrder["state"],
  { at, products }: OrderPicture,
): KnownOrder["findings"] {
  const isOpen = !OVER.has(state);
  const endedAt = isOpen ? at : (made?.lastAt ?? order.at);
  return [
    ...(line === undefined ? (["unknownLine"] as const) : []),
    ...(products.size > 0 && !products.has(order.product) ? (["unknownProduct"] as const) : []),
    ...(line !== undefined && made === undefined ? (["notCounted"] as const) : []),
    ...(made?.startedAt !== undefined && order.known > made.startedAt ? (["givenOutLate"] as const) : []),
    ...(order.due !== undefined && endedAt > order.due && state !== "cancelled" ? (["late"] as const) : []),
    ...(isOpen && order.plannedEnd !== undefined && at > order.plannedEnd ? (["behind"] as const) : []),
    ...(order.corrections > 0 ? (["corrected"] as const) : []),
  ];
}

/** Pieces of before the first order are of nobody's order. */
function since(counted: CountedLine, own: readonly StoredOrder[]): CountedLine {
  const first = own.reduce((least, order) => Math.min(least, order.plannedStart ?? order.known), Number.POSITIVE_INFINITY) - HOUR;
  const later = (pieces: CountedLine["good"]) => pieces.filter(({ at }) => at >= first);
  return { good: later(counted.good), begun: counted.begun && later(counted.begun) };
}

/** Good pieces an hour over the last two hours; undefined where none left the line in them. */
function paceOf({ good }: CountedLine, at: Instant): number | undefined {
  let pieces = 0;
  for (let index = good.length - 1; index >= 0; index--) {
    const each = good[index]!;
    if (each.at > at) continue;
    if (each.at <= at - PACE_SPAN) break;
    pieces += each.count;
  }
  return pieces === 0 ? undefined : pieces / (PACE_SPAN / HOUR);
}

/** One after the other at the pace of the line. */
function withExpectedEnds(shown: readonly KnownOrder[], pace: number, at: Instant): readonly KnownOrder[] {
  const isBefore = (order: KnownOrder): number => (order.state === "running" ? 0 : 1);
  const open = shown.filter(({ state, findings }) => (state === "running" || state === "waiting") && !findings.includes("unknownProduct"));
  const ends = new Map<string, Instant>();
  let pieces = 0;
  for (const order of open.toSorted((a, b) => isBefore(a) - isBefore(b))) {
    pieces += Math.max(0, order.fields.quantity - (order.made?.good ?? 0));
    ends.set(order.number, Math.round(at + (pieces / pace) * HOUR));
  }
  return shown.map((order) => {
    const expectedEnd = ends.get(order.number);
    return expectedEnd === undefined ? order : { ...order, expectedEnd };
  });
}

const endOfOrder = ({ made, at, fields }: KnownOrder): Instant => Math.max(made?.lastAt ?? 0, at, fields.plannedEnd ?? 0);

function isVisible(view: PlantView, branch: BranchId, shell: string): boolean {
  return recordOfAasId(view.documents.reader(branch), "shell", shell) !== undefined;
}

/** As they were at an instant: the newest version of each that was stored by then. */
function ordersAsOf(view: PlantView, branch: BranchId, t: Instant): readonly StoredOrder[] {
  const reader = view.documents.reader(branch);
  return ordersOf(reader).flatMap((order) => versionAt(view, branch, order, t) ?? []);
}

function versionAt(view: PlantView, branch: BranchId, order: StoredOrder, t: Instant): StoredOrder | undefined {
  if (order.at <= t) return order;
  const reader = view.documents.reader(branch);
  const versions = reader
    .versions(orderDocumentId(order.number))
    .flatMap(({ record }) => (record ? (readDocument(productionOrder, record) ?? []) : []));
  return versions.filter(({ at }) => at <= t).toSorted((a, b) => b.at - a.at)[0];
}
