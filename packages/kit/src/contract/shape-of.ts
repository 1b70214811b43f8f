import type { z } from "zod";

/** A value as JSON carries it: what is undefined is not there. */
export type Carried<T> = T extends object ? { readonly [K in keyof T]: Carried<Exclude<T[K], undefined>> } : T;

type Fits<S extends z.ZodType, T> = [Carried<z.output<S>>] extends [T] ? S : never;

/**
 * A shape as one of a type that is declared elsewhere, so that neither says other than the other: `shapeOf<RunModel>()(z.object({ … }))`. What the shape lets
 * through must be of the type.
 */
export function shapeOf<T>(): <S extends z.ZodType>(shape: S & Fits<S, T>) => z.ZodType<T, T> {
  return (shape) => shape as unknown as z.ZodType<T, T>;
}
