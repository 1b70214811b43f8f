import { HOUR, SECOND } from "@doppelwerk/kit";
import type { FeatureContext, PlantView } from "@doppelwerk/kit/server";
import { lineFlow, shiftFold } from "@doppelwerk/ports";
import type { BranchId, Instant } from "@doppelwerk/world";
import type { BusinessFlow } from "../contract.ts";
import type { orders } from "../feature.ts";
import { costOfSpan, lineRateOf, materialCostOf } from "../model/costs.ts";
import { LineNames } from "../model/line-names.ts";
import type { MaterialFields, RateFields } from "../model/resource-kinds.ts";
import { lotsOf, materialsOf, ratesOf } from "./resources.ts";
import type { LinePicture, OrderPicture, ShownOrders } from "./shown-orders.ts";
import type { Sources } from "./sources/sources.ts";

type FlowOfLine = BusinessFlow["lines"][number];

const MAX_STOPS = 10;
/** Stops of a minute and less are counted together elsewhere. */
const SHORT: Instant = 60 * SECOND;
const NEEDED_FOR: Instant = 4 * HOUR;
const WORKING: ReadonlySet<string> = new Set(["working", "unknown", "offShift", "notPlanned"]);

/** Logistics, money and information of the lines over the running shift, at one instant. */
export async function businessFlow(
  ctx: FeatureContext<typeof orders>,
  shown: ShownOrders,
  sources: Sources,
  { view, branch, t }: { readonly view: PlantView; readonly branch: BranchId; readonly t: Instant | undefined },
): Promise<BusinessFlow> {
  const picture = await shown.picture(view, branch, t);
  const rates = ratesOf(view, branch);
  const materials = materialsOf(view, branch);
  const lots = lotsOf(view, branch).length;
  const lines = await Promise.all(
    picture.lines
      .filter(({ orders: own, counted }) => own.length > 0 || counted !== undefined)
      .map((line) => ofLine(ctx, line, picture, { rates, materials })),
  );
  const open = picture.lines
    .flatMap((line) => shown.ofLine(line, picture))
    .filter(({ state }) => state === "waiting" || state === "running");
  return {
    at: picture.at,
    ...(rates && { currency: rates.currency, ...(rates.validFrom !== undefined && { validFrom: rates.validFrom }) }),
    lines,
    materials: stocksOf(materials, picture),
    lots,
    information: {
      open: open.length,
      late: open.filter(({ findings }) => findings.includes("late")).length,
      corrected: open.filter(({ findings }) => findings.includes("corrected")).length,
      unknown: picture.astray.length + open.filter(({ findings }) => findings.includes("unknownProduct")).length,
      sources: sources.states().map(({ fields: { name, kind }, state, lastAt, waiting, confirmed }) => ({
        name,
        kind,
        state,
        ...(lastAt !== undefined && { lastAt }),
        waiting,
        confirmed,
      })),
    },
  };
}

interface Known {
  readonly rates: RateFields | undefined;
  readonly materials: readonly MaterialFields[];
}

async function ofLine(ctx: FeatureContext<typeof orders>, own: LinePicture, { at }: OrderPicture, known: Known): Promise<FlowOfLine> {
  const { line, counted, progress } = own;
  const names = new LineNames([line]);
  const rate = lineRateOf(known.rates, (name) => names.of(name) !== undefined);
  const results = await ctx.find(shiftFold)?.results(at, line.id);
  const shift = results?.shifts.findLast(({ from, to }) => from <= at && to >= at - SECOND * 5) ?? undefined;
  const materialOf = (product: string) => materialCostOf(product, known.materials, known.rates);
  const good = new Map<string, number>();
  if (shift !== undefined)
    for (const each of counted?.good ?? [])
      if (each.at >= shift.from && each.at <= at) good.set(each.product ?? "", (good.get(each.product ?? "") ?? 0) + each.count);
  const hours = (shift?.stations.find(({ station }) => station === line.constraint)?.plannedBusyS ?? 0) / 3_600;
  const onLine = onTheLine(own);
  const values = onLine?.map(({ product, pieces }) => ({ product, pieces, cost: materialOf(product) }));
  const isValueKnown = values?.every(({ cost }) => cost !== undefined && cost.unknown.length === 0);
  return {
    line: line.id,
    title: line.title,
    isSimulated: counted?.isSimulated ?? false,
    ...(rate && {
      rate: {
        machineHour: rate.machineHour,
        ...(rate.perHour !== undefined && { perHour: rate.perHour }),
        ...(rate.labourHour !== undefined && { labourHour: rate.labourHour }),
        ...(rate.operators !== undefined && { operators: rate.operators }),
      },
    }),
    ...(shift && { shift: { name: shift.name, from: shift.from, to: shift.to, hours } }),
    ...(shift && counted && { cost: costOfSpan({ hours, rate, good, scrap: shift.line.scrapped, materialOf }) }),
    ...(results?.wip !== undefined && { wip: results.wip }),
    ...(values && {
      onLine: values.map(({ product, pieces, cost }) => ({
        product,
        pieces,
        ...(cost && cost.unknown.length === 0 && { each: cost.value }),
      })),
      ...(isValueKnown && { value: values.reduce((sum, { pieces, cost }) => sum + pieces * cost!.value, 0) }),
    }),
    stops: shift === undefined ? [] : await stopsOf(ctx, own, shift.from, at, rate?.perHour),
    waiting: own.orders
      .filter(({ number }) => progress?.byNumber.get(number)?.state === "waiting")
      .reduce((sum, { quantity }) => sum + quantity, 0),
  };
}

/** Pieces that were begun and are not good yet, of orders that are not over; undefined where the line does not count what it begins. */
function onTheLine({
  orders: own,
  progress,
  counted,
}: LinePicture): readonly { readonly product: string; readonly pieces: number }[] | undefined {
  if (counted?.begun === undefined || progress === undefined) return undefined;
  const pieces = new Map<string, number>();
  for (const { number, product } of own) {
    const made = progress.byNumber.get(number);
    if (made === undefined || made.state !== "running") continue;
    const left = (made.begun ?? 0) - made.good;
    if (left > 0) pieces.set(product, (pieces.get(product) ?? 0) + left);
  }
  return [...pieces].map(([product, count]) => ({ product, pieces: count }));
}

/** The longest stops of the constraint in the span: what its hour costs is spent without a piece. */
async function stopsOf(
  ctx: FeatureContext<typeof orders>,
  { line }: LinePicture,
  from: Instant,
  to: Instant,
  perHour: number | undefined,
): Promise<FlowOfLine["stops"]> {
  const planned = await ctx.use(lineFlow).plannedStates(from, to, line.id);
  const spans = planned?.stations.find(({ station }) => station === line.constraint)?.spans ?? [];
  return spans
    .filter(({ from: begin, to: end, state }) => !WORKING.has(state) && end - begin > SHORT)
    .map(({ from: begin, to: end, state }) => ({
      station: line.constraint!,
      from: begin,
      to: end,
      state,
      ...(perHour !== undefined && { cost: ((end - begin) / HOUR) * perHour }),
    }))
    .toSorted((a, b) => b.to - b.from - (a.to - a.from))
    .slice(0, MAX_STOPS);
}

/** Materials with stock, what open orders need of them, and how long that lasts at the pace of the lines. */
function stocksOf(materials: readonly MaterialFields[], picture: OrderPicture): BusinessFlow["materials"] {
  const needs = needsOf(materials, picture);
  return materials
    .filter(({ use }) => use === "material")
    .map(({ material, title, unit, onHand, onHandAt, minimum, station }) => {
      const need = needs.get(material) ?? { total: 0, perHour: 0 };
      const soon = need.perHour * (NEEDED_FOR / HOUR);
      return {
        material,
        title,
        unit,
        needed: need.total,
        ...(onHand !== undefined && { onHand }),
        ...(onHandAt !== undefined && { onHandAt }),
        ...(minimum !== undefined && { minimum }),
        ...(station !== undefined && { station }),
        ...(onHand !== undefined && need.perHour > 0 && { lastsHours: Math.max(0, onHand) / need.perHour }),
        isCalled: onHand !== undefined && (onHand < soon || (minimum !== undefined && onHand < minimum)),
      };
    });
}

function needsOf(materials: readonly MaterialFields[], { lines }: OrderPicture): ReadonlyMap<string, { total: number; perHour: number }> {
  const bills = new Map(materials.map((each) => [each.material, each.bill]));
  const needs = new Map<string, { total: number; perHour: number }>();
  for (const { orders: own, progress, pace } of lines) {
    for (const { number, product, quantity } of own) {
      const made = progress?.byNumber.get(number);
      const isOpen = made !== undefined && (made.state === "waiting" || made.state === "running");
      if (!isOpen) continue;
      const left = Math.max(0, quantity - (made.begun ?? made.good));
      for (const { material, perPiece } of bills.get(product) ?? []) {
        const need = needs.get(material) ?? { total: 0, perHour: 0 };
        need.total += left * perPiece;
        if (made.state === "running") need.perHour = Math.max(need.perHour, (pace ?? 0) * perPiece);
        needs.set(material, need);
      }
    }
  }
  return needs;
}
