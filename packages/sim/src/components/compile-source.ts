import { streamOf } from "../random/philox.ts";
import type { FlowModel, FlowSource } from "./flow-model.ts";
import { type CompiledTime, MICROSECONDS, compileTime } from "./flow-time.ts";

export interface CompiledSource {
  readonly kind: "saturated" | "interarrival" | "rates" | "list" | "level";
  readonly interarrival: CompiledTime | undefined;
  readonly quantity: CompiledTime | undefined;
  /** Microseconds, items a microsecond. */
  readonly rates: readonly { readonly from: number; readonly rate: number }[];
  readonly list: readonly { readonly at: number; readonly product: number; readonly quantity: number }[];
  readonly repeat: number;
  readonly product: number;
  readonly mix: readonly number[];
  readonly orders: readonly { readonly product: number; readonly quantity: number }[];
  readonly repeatOrders: boolean;
  readonly limit: number;
  readonly loses: boolean;
  readonly streams: { readonly time: number; readonly product: number; readonly quantity: number };
}

/** Products that a model without a list of products names, in order of appearance; one when it names none. */
export function productsNamed(model: FlowModel): string[] {
  const names = new Set<string>();
  for (const component of model.components) {
    if (component.type === "source") {
      if (component.product !== undefined) names.add(component.product);
      for (const product of Object.keys(component.mix ?? {})) names.add(product);
      for (const order of component.orders ?? []) names.add(order.product);
      for (const arrival of component.arrivals ?? []) if (arrival.product !== undefined) names.add(arrival.product);
    }
    if (component.type === "disassembly") for (const part of component.parts ?? []) if (part.product !== undefined) names.add(part.product);
  }
  return names.size > 0 ? [...names] : ["item"];
}

export function compileSource(source: FlowSource, productOf: (id: string | undefined) => number, products: number): CompiledSource {
  let below = 0;
  const sum = Object.values(source.mix ?? {}).reduce((total, share) => total + share, 0);
  const mix = source.mix === undefined ? [] : Array.from({ length: products }, () => 0);
  for (const [product, share] of Object.entries(source.mix ?? {})) mix[productOf(product)] = share / sum;
  return {
    kind: source.whenLevel
      ? "level"
      : source.arrivals
        ? "list"
        : source.rates
          ? "rates"
          : source.interarrival === undefined
            ? "saturated"
            : "interarrival",
    interarrival: source.interarrival === undefined ? undefined : compileTime(source.interarrival),
    quantity: source.quantity === undefined ? undefined : compileTime(source.quantity),
    rates: (source.rates ?? []).map((rate) => ({ from: Math.round(rate.fromS * MICROSECONDS), rate: rate.perHour / 3600 / MICROSECONDS })),
    list: (source.arrivals ?? []).map((arrival) => ({
      at: Math.round(arrival.atS * MICROSECONDS),
      product: arrival.product === undefined ? -1 : productOf(arrival.product),
      quantity: arrival.quantity ?? 1,
    })),
    repeat: source.repeatS === undefined ? 0 : Math.round(source.repeatS * MICROSECONDS),
    product: productOf(source.product),
    mix: mix.map((share) => (below += share)),
    orders: (source.orders ?? []).map((order) => ({ product: productOf(order.product), quantity: order.quantity })),
    repeatOrders: source.repeatOrders === true,
    limit: source.limit ?? Infinity,
    loses: source.whenFull === "lose",
    streams: { time: streamOf(source.id, "arrival"), product: streamOf(source.id, "product"), quantity: streamOf(source.id, "quantity") },
  };
}
