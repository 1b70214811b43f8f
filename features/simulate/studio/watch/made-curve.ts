import { SECOND } from "@doppelwerk/world";
import type { Watched } from "./watched.ts";

const MAX_POINTS = 400;

export interface MadePoint {
  readonly seconds: number;
  /** Good parts: of the first side alone, or how many more the second has made. */
  readonly more: number;
}

/** What was made by each moment that is simulated already, for a curve of `width` pixels over `endS` seconds. */
export function madeCurve(
  first: Watched,
  second: Watched | undefined,
  { endS, reachedS, width }: { readonly endS: number; readonly reachedS: number; readonly width: number },
): readonly MadePoint[] {
  const points = Math.max(2, Math.min(MAX_POINTS, Math.floor(width / 2)));
  return Array.from({ length: points }, (_, index) => (index / (points - 1)) * endS)
    .filter((seconds) => seconds <= reachedS)
    .map((seconds) => {
      const made = (side: Watched): number => side.goodUntil(Math.min(side.to, side.from + seconds * SECOND));
      return { seconds, more: second === undefined ? made(first) : made(second) - made(first) };
    });
}
