import type { PlantView } from "@doppelwerk/kit/server";
import { LIVE, type BranchId, type Instant } from "@doppelwerk/world";
import type { KnownPart, ListedParts, MovementLine } from "../contract.ts";
import type { MovementFact } from "../model/movement.ts";
import type { PartFields } from "../model/part-kind.ts";
import { reachOf, useBefore } from "../model/reach.ts";
import { stockOf, type Stock, type StockLine } from "../model/stock.ts";
import type { Ledger } from "./ledger.ts";
import { partsOf, requirePart } from "./parts.ts";

/** What the program of the stores says is on hand of a part. */
export type Reported = NonNullable<KnownPart["reported"]>;

export interface ShownOptions {
  readonly ledger: Ledger;
  now(): Instant;
  nameOf(actor: string): string;
  sourceName(id: string): string | undefined;
  /** Of live, now. */
  reported(part: string): Reported | undefined;
}

/** Parts with what follows from their movements, at an instant of a branch. */
export class ShownParts {
  readonly #options: ShownOptions;

  constructor(options: ShownOptions) {
    this.#options = options;
  }

  async list(view: PlantView, branch: BranchId, t?: Instant): Promise<ListedParts> {
    const at = t ?? this.#nowOf(view, branch);
    const facts = await this.#options.ledger.facts(branch, t);
    const all = partsOf(view, branch, t).map((fields) =>
      this.#known(fields, facts.get(fields.number) ?? [], at, this.#saidOf(fields, branch, t)),
    );
    const parts = all.filter(({ fields, onHand, reserved }) => !fields.isRetired || onHand !== 0 || reserved !== 0);
    const values = new Map<string, number>();
    for (const { value, fields } of parts)
      if (value !== undefined) values.set(fields.currency!, (values.get(fields.currency!) ?? 0) + value);
    return {
      at,
      parts: parts.toSorted((a, b) => Number(b.isLow) - Number(a.isLow) || (a.part < b.part ? -1 : 1)),
      values: [...values].map(([currency, value]) => ({ currency, value: Math.round(value * 100) / 100 })),
      withoutPrice: parts.filter(({ value, onHand }) => value === undefined && onHand > 0).length,
    };
  }

  /** Errors: DW_NOT_FOUND. */
  async one(view: PlantView, branch: BranchId, part: string, t?: Instant): Promise<KnownPart> {
    return (await this.#oneWithStock(view, branch, part, t)).known;
  }

  /** Newest first. Errors: DW_NOT_FOUND. */
  async history(
    view: PlantView,
    branch: BranchId,
    part: string,
    { t, limit }: { readonly t?: Instant | undefined; readonly limit: number },
  ) {
    const { known, stock } = await this.#oneWithStock(view, branch, part, t);
    const lines = stock.lines.toReversed();
    return { part: known, lines: lines.slice(0, limit).map((line) => this.#line(line)), more: Math.max(0, lines.length - limit) };
  }

  async #oneWithStock(view: PlantView, branch: BranchId, part: string, t: Instant | undefined) {
    const fields = requirePart(view, branch, part, t);
    const facts = (await this.#options.ledger.facts(branch, t)).get(part) ?? [];
    const stock = stockOf(facts);
    return { known: this.#known(fields, facts, t ?? this.#nowOf(view, branch), this.#saidOf(fields, branch, t), stock), stock };
  }

  /** What a branch says is of its instant. */
  #nowOf(view: PlantView, branch: BranchId): Instant {
    return branch === LIVE ? this.#options.now() : Math.max(view.documents.branch(branch).instant, 0);
  }

  #saidOf({ number }: PartFields, branch: BranchId, t: Instant | undefined): Reported | undefined {
    return branch === LIVE && t === undefined ? this.#options.reported(number) : undefined;
  }

  #known(
    fields: PartFields,
    facts: readonly MovementFact[],
    at: Instant,
    reported: Reported | undefined,
    stock: Stock = stockOf(facts),
  ): KnownPart {
    const { onHand, reserved, byWork, lines, lastAt } = stock;
    const available = Math.round((onHand - reserved) * 1e6) / 1e6;
    const use = useBefore(lines, at);
    const reach = reachOf(available, use);
    const isPriced = fields.price !== undefined && fields.currency !== undefined && onHand >= 0;
    const findings: KnownPart["findings"][number][] = [];
    if (lines.length === 0) findings.push("noMovement");
    if (onHand < 0) findings.push("belowNothing");
    if (available < 0 && onHand >= 0) findings.push("overReserved");
    if (reported !== undefined && reported.onHand !== onHand) findings.push("differs");
    if (reach !== undefined && fields.leadDays !== undefined && reach.low < fields.leadDays) findings.push("mayRunOut");
    return {
      part: fields.number,
      fields,
      onHand,
      reserved,
      available,
      isLow: !fields.isRetired && available < fields.minimum,
      ...(lastAt !== undefined && { lastAt }),
      use,
      ...(reach && { reach }),
      ...(isPriced && { value: Math.round(onHand * fields.price! * 100) / 100 }),
      work: [...byWork].map(([work, quantity]) => ({ work, quantity })),
      ...(reported && { reported }),
      findings,
    };
  }

  #line({ fact, before, after, difference, differenceThen, isLate }: StockLine): MovementLine {
    const { movement, kind, quantity, at, known, by, work, reason, document, source } = fact;
    const { sourceName, nameOf } = this.#options;
    return {
      movement,
      kind,
      quantity,
      at,
      known,
      before,
      after,
      ...(difference !== undefined && { difference }),
      ...(differenceThen !== undefined && { differenceThen }),
      isLate,
      by: source === undefined ? nameOf(by ?? "") : (sourceName(source) ?? source),
      ...(work !== undefined && { work }),
      ...(reason !== undefined && { reason }),
      ...(document !== undefined && { document }),
    };
  }
}
