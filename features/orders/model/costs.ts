import type { BillLine, MaterialFields, RateFields } from "./resource-kinds.ts";

/** What one hour of a line costs: its machines and the people at them; undefined where no rate of it is known. */
export interface LineRate {
  readonly machineHour: number;
  readonly labourHour?: number | undefined;
  readonly operators?: number | undefined;
  /** Undefined where labour has a rate and nobody says how many people are there. */
  readonly perHour: number | undefined;
}

export function lineRateOf(rates: RateFields | undefined, isLine: (name: string) => boolean): LineRate | undefined {
  const found = rates?.workCentres.find(({ workCentre }) => isLine(workCentre));
  if (found === undefined) return undefined;
  const { machineHour, labourHour, operators } = found;
  const labour = labourHour === undefined ? 0 : operators === undefined ? undefined : labourHour * operators;
  return { machineHour, labourHour, operators, perHour: labour === undefined ? undefined : machineHour + labour };
}

export interface MaterialCost {
  /** Of one piece, of the materials whose price is known. */
  readonly value: number;
  /** Materials without a price. */
  readonly unknown: readonly string[];
}

/** What the materials of one piece cost; undefined where nobody says what it is made of. */
export function materialCostOf(
  product: string,
  materials: readonly MaterialFields[],
  rates: RateFields | undefined,
): MaterialCost | undefined {
  const bill = materials.find((each) => each.material === product && each.use === "product")?.bill;
  if (bill === undefined || bill.length === 0) return undefined;
  const prices = new Map(rates?.materials.map(({ material, price }) => [material, price]));
  const unknown = bill.filter(({ material }) => !prices.has(material)).map(({ material }) => material);
  return { value: bill.reduce((sum, line) => sum + costOf(line, prices), 0), unknown };
}

const costOf = ({ material, perPiece }: BillLine, prices: ReadonlyMap<string, number>): number => (prices.get(material) ?? 0) * perPiece;

export interface CostQuestion {
  /** Planned hours of the line in the span. */
  readonly hours: number;
  readonly rate: LineRate | undefined;
  /** Good pieces by product, and those that were scrapped. */
  readonly good: ReadonlyMap<string, number>;
  readonly scrap: number;
  readonly materialOf: (product: string) => MaterialCost | undefined;
}

export interface CostOfSpan {
  readonly good: number;
  readonly conversion?: number;
  readonly material?: number;
  /** Of all that was spent, for each good piece; absent where any of it is not known, or nothing good was made. */
  readonly perPiece?: number;
  /** Why it is not known: products without a bill, materials without a price. */
  readonly unknown: readonly string[];
}

/** What a span cost: its planned hours, and the materials of all pieces. Scrap costs what a good piece has in material on average. */
export function costOfSpan({ hours, rate, good, scrap, materialOf }: CostQuestion): CostOfSpan {
  const pieces = [...good.values()].reduce((sum, count) => sum + count, 0);
  const unknown = new Set<string>();
  let [material, isKnown] = [0, true];
  for (const [product, count] of good) {
    const cost = materialOf(product);
    if (cost === undefined) {
      isKnown = false;
      unknown.add(product);
      continue;
    }
    for (const each of cost.unknown) unknown.add(each);
    if (cost.unknown.length > 0) isKnown = false;
    material += cost.value * count;
  }
  if (pieces > 0) material += (material / pieces) * scrap;
  const conversion = rate?.perHour === undefined ? undefined : rate.perHour * hours;
  return {
    good: pieces,
    ...(conversion !== undefined && { conversion }),
    ...(isKnown && { material }),
    ...(conversion !== undefined && isKnown && pieces > 0 && { perPiece: (conversion + material) / pieces }),
    unknown: [...unknown].toSorted(),
  };
}
