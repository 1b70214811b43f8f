import { message } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { KpiInputQuestion, KpiInputSource } from "@doppelwerk/ports";
import type { Principal } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { executionsOf, orderExecutionS, type Execution } from "../model/execution-time.ts";
import type { ShownOrders } from "./shown-orders.ts";

/** Times of execution of orders (AOET of ISO 22400-2), and the orders that KPIs are cut by. */
export function kpiInputsOfOrders(shown: ShownOrders, viewOf: (principal: Principal) => PlantView): KpiInputSource {
  const workedOn = async (
    question: KpiInputQuestion,
  ): Promise<{ readonly executions: readonly Execution[]; readonly isSimulated: boolean } | undefined> => {
    const { principal, branch, to, line } = question;
    const { lines } = await shown.picture(viewOf(principal), branch, to);
    const own = line === undefined ? lines[0] : lines.find((each) => each.line.id === line);
    if (own?.progress === undefined) return undefined;
    return { executions: executionsOf(own.orders, own.progress, question), isSimulated: own.counted?.isSimulated === true };
  };
  return {
    feature: "orders",
    symbols: ["AOET"],
    async values(question) {
      // an order is of a line, not of one of its stations
      if (question.station !== undefined) return [];
      const worked = await workedOn(question);
      if (worked === undefined) return [{ symbol: "AOET", unknown: message("orders.notCounted") }];
      const { executions, isSimulated } = worked;
      if (executions.length === 0) return [{ symbol: "AOET", unknown: message("orders.kpi.none") }];
      return [
        {
          symbol: "AOET",
          value: orderExecutionS(executions),
          of: message("orders.kpi.of", { count: executions.length }),
          ...(isSimulated && { isSimulated }),
        },
      ];
    },
    async orders(question) {
      return ((await workedOn(question))?.executions ?? []).map(({ number, product, from, to }) => ({
        id: number,
        product,
        spans: [{ from, to }],
      }));
    },
  };
}
