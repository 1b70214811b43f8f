import type { LinearProgram } from "./linear-program.ts";

export interface Material {
  readonly name: string;
  readonly costPerKg: number;
  /** Share of the mass that reaches the product, 0 to 1; default 1. */
  readonly yield?: number;
  readonly availableKg?: number;
  /** Share of each element in the material, 0 to 1; missing = none. */
  readonly content: Readonly<Record<string, number>>;
  /** Only in whole pieces of so much. */
  readonly pieceKg?: number;
}

export interface Blend {
  readonly productKg: number;
  readonly materials: readonly Material[];
  /** Share of each element in the product. */
  readonly limits: readonly { readonly element: string; readonly low?: number; readonly high?: number }[];
}

/** The cheapest charge that gives so much product within its analysis. Variable j is the mass of material j in kg, or its number of pieces. */
export function blendingProgram(blend: Blend): LinearProgram {
  const { productKg, materials, limits } = blend;
  const size = materials.map(({ pieceKg }) => pieceKg ?? 1);
  return {
    sense: "minimise",
    variables: materials.map(({ name, costPerKg, availableKg, pieceKg }, j) => ({
      name,
      cost: costPerKg * size[j]!,
      upper: availableKg === undefined ? Infinity : availableKg / size[j]!,
      ...(pieceKg === undefined ? {} : { integer: true }),
    })),
    rows: [
      {
        name: "product",
        unit: "kg",
        lower: productKg,
        // whole pieces cannot give a mass exactly
        upper: materials.some(({ pieceKg }) => pieceKg !== undefined) ? Infinity : productKg,
        terms: materials.map((material, j) => [j, (material.yield ?? 1) * size[j]!] as const),
      },
      ...limits.map(({ element, low, high }) => ({
        name: element,
        unit: "kg",
        lower: low === undefined ? -Infinity : low * productKg,
        upper: high === undefined ? Infinity : high * productKg,
        terms: materials.flatMap((material, j) => {
          const content = material.content[element] ?? 0;
          return content === 0 ? [] : [[j, content * size[j]!] as const];
        }),
      })),
    ],
  };
}
