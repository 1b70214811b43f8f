import { streamOf } from "../random/philox.ts";
import type { FlowModel, FlowStation, FlowTime } from "./flow-model.ts";
import { type CompiledTime, compileTime } from "./flow-time.ts";

export interface CompiledSetUp {
  readonly values: readonly string[];
  readonly time: CompiledTime;
  readonly matrix: ReadonlyMap<string, CompiledTime>;
  readonly stream: number;
}

export function compileSetUp(
  component: { readonly id: string; readonly setUp?: FlowStation["setUp"] },
  model: FlowModel,
  products: readonly string[],
): CompiledSetUp | undefined {
  const { setUp } = component;
  if (setUp === undefined) return undefined;
  const matrix = new Map<string, CompiledTime>();
  for (const [from, row] of Object.entries(setUp.matrix ?? {}))
    for (const [to, time] of Object.entries(row)) matrix.set(`${from}\u0000${to}`, compileTime(time as FlowTime));
  return {
    values: products.map((id) =>
      setUp.attribute === undefined ? id : (model.products?.find((product) => product.id === id)?.attributes?.[setUp.attribute] ?? ""),
    ),
    time: compileTime(setUp.time),
    matrix,
    stream: streamOf(component.id, "setUp"),
  };
}
