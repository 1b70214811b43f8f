import type { SequenceCheck } from "@doppelwerk/client";
import { summarise, type ExperimentModel, type LineModel, type Outcome } from "@doppelwerk/sim";
import type { LineOrder } from "@doppelwerk/sim/optimise";
import { SECOND } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";

/** Of an order, what may be missing at the end of the line when it counts as done. */
const SCRAP_SHARE = 0.005;

/** The line as it is on one side of an experiment, but making a list of orders one after the other. */
export function modelOfOrders(side: ExperimentModel, orders: readonly LineOrder[]): ExperimentModel {
  const program: LineModel["program"] = {
    kind: "orders",
    orders: orders.map(({ id, product, quantity }) => ({ id, product, quantity })),
  };
  return {
    nominal: { ...side.nominal, program },
    edited: side.edited === side.nominal ? { ...side.nominal, program } : { ...side.edited, program },
    // shares of a mix have no meaning for a list
    parameters: side.parameters.filter(({ target }) => target.kind !== "share"),
  };
}

/** When each order of a sequence was done, in seconds from the start, over the outputs of all replications. */
export function orderTimes(orders: readonly LineOrder[], outputs: readonly Outcome["output"][], start: Instant): SequenceCheck["orders"] {
  let upTo = 0;
  return orders.map(({ id, quantity, due }) => {
    upTo += quantity;
    // scrap makes an order short: it is done when what is left of it has come
    const ends = outputs.map(({ cumulative, stepS }) => {
      const step = cumulative.findIndex((value) => value >= upTo * (1 - SCRAP_SHARE));
      return step < 0 ? Infinity : (step + 1) * stepS;
    });
    const done = ends.filter(Number.isFinite);
    const sorted = ends.toSorted((x, y) => x - y);
    const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
    const { mean, halfWidth } = summarise(done.length > 0 ? done : [Number.NaN]);
    return {
      id,
      mean,
      confidence: halfWidth,
      low: at(0.05),
      median: at(0.5),
      high: at(0.95),
      ...(due === undefined ? {} : { onTime: ends.filter((end) => end <= (due - start) / SECOND).length / ends.length }),
      unfinished: ends.length - done.length,
    };
  });
}
