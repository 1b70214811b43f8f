import { fault, message, z, type KindDeclaration } from "@doppelwerk/kit";
import type {} from "../message-codes.ts";

interface Bounds {
  readonly warningLow?: number | undefined;
  readonly low?: number | undefined;
  readonly high?: number | undefined;
  readonly warningHigh?: number | undefined;
}

const bound = z.number().optional();

/** How a signal is shown, in its unit: the normal range, the range beyond which somebody should look, and digits after the point. */
export const DisplayBands = z
  .object({ low: bound, high: bound, warningLow: bound, warningHigh: bound, decimals: z.int().min(0).max(6).optional() })
  .refine(isInOrder, fault(message("history.fault.bands")));
export type DisplayBands = z.output<typeof DisplayBands>;

/** From the outside in: a warning bound lies outside of the normal range. */
export function isInOrder({ warningLow, low, high, warningHigh }: Bounds): boolean {
  const bounds = [warningLow, low, high, warningHigh].filter((each) => each !== undefined);
  return bounds.every((each, at) => at === 0 || bounds[at - 1]! <= each) && (low === undefined || low !== high);
}

/** One document a signal. What it does not say is as the engineering file says. */
export const signalDisplay = {
  id: "history.display",
  record: "signalDisplay",
  version: 1,
  schema: DisplayBands.safeExtend({ signal: z.string().min(1).max(500) }),
  upcast: {},
} satisfies KindDeclaration;
