import type { PlantView } from "@doppelwerk/kit/server";
import type { OrderExecutions } from "@doppelwerk/ports";
import type { Principal } from "@doppelwerk/world";
import { executionsOf } from "../model/execution-time.ts";
import type { ShownOrders } from "./shown-orders.ts";

/** When a line worked on which order and what it made, for features that allocate to orders and products what was used meanwhile. */
export function executionsPort(shown: ShownOrders, viewOf: (principal: Principal) => PlantView): OrderExecutions {
  return {
    async within(principal, branch, { from, to, line }) {
      const pictureAt = async (at: number) => {
        const { lines } = await shown.picture(viewOf(principal), branch, at);
        return line === undefined ? lines[0] : lines.find((each) => each.line.id === line);
      };
      const [before, own] = [await pictureAt(from), await pictureAt(to)];
      if (own?.progress === undefined || own.counted === undefined) return undefined;
      const products = new Map<string, number>();
      for (const { at, product, count } of own.counted.good)
        if (at >= from && at < to) products.set(product ?? "", (products.get(product ?? "") ?? 0) + count);
      return {
        orders: executionsOf(own.orders, own.progress, { from, to }).map((execution) => ({
          order: execution.number,
          product: execution.product,
          from: execution.from,
          to: execution.to,
          good: Math.max(
            0,
            (own.progress!.byNumber.get(execution.number)?.good ?? 0) - (before?.progress?.byNumber.get(execution.number)?.good ?? 0),
          ),
        })),
        products: [...products].map(([product, good]) => ({ product, good })),
        isSimulated: own.counted.isSimulated,
      };
    },
  };
}
