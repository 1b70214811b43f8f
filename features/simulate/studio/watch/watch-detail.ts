/** `watch`, `watch@3600`: the detail of Decide's address while a run is watched. */
export function watchedFrom(detail: string | undefined): number | undefined {
  const [, seconds] = /^watch(?:@(\d+))?$/.exec(detail ?? "") ?? [];
  return detail?.startsWith("watch") === true ? Number(seconds ?? 0) : undefined;
}

/** With reduced motion nothing plays by itself: shown is the line after its first hour, when there is something to see. */
const STILL_S = 3600;

/** How watching begins: a link with an instant holds it, else the run plays. */
export function watchOpening(detail: string | undefined, isStill: boolean): { readonly startS: number; readonly plays: boolean } {
  const heldS = watchedFrom(detail) ?? 0;
  if (heldS > 0) return { startS: heldS, plays: false };
  return isStill ? { startS: STILL_S, plays: false } : { startS: 0, plays: true };
}

/** Whether the person asked for reduced motion. */
export function prefersStill(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
