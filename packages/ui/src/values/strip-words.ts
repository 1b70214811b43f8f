import { percentText } from "./number.ts";
import { stateLook, type StateLook } from "./state-look.ts";
import type { StateSpan } from "../session/state-history.ts";
import type { Translate } from "../language/catalogues.ts";

/** Stops that are told one by one; of more, the last ones. */
const STOPS = 8;

/** What a strip of states shows, in words: the share of each state, when it failed or was stopped, and what it is at the end. */
export function stripWords(
  spans: readonly StateSpan[],
  {
    from,
    to,
    t,
    clock,
  }: { readonly from: number; readonly to: number; readonly t: Translate; readonly clock: (instant: number) => string },
): string {
  const shown = spans
    .map((span) => ({ look: stateLook(span.state), from: Math.max(from, span.from), to: Math.min(to, span.to) }))
    .filter((span) => span.to > span.from);
  const last = shown.at(-1);
  if (last === undefined) return t("state.unknown");
  const sums = new Map<StateLook, number>();
  for (const span of shown) sums.set(span.look, (sums.get(span.look) ?? 0) + span.to - span.from);
  const known = [...sums.values()].reduce((sum, time) => sum + time, 0);
  if (to - from > known) sums.set("unknown", (sums.get("unknown") ?? 0) + to - from - known);
  const shares = [...sums]
    .toSorted(([, a], [, b]) => b - a)
    .map(([look, time]) => `${t(`state.${look}`)} ${percentText(time / (to - from))}`);
  const stops = shown
    .filter(({ look }) => look === "failed" || look === "stopped")
    .slice(-STOPS)
    .map((stop) => `${t(`state.${stop.look}`)} ${clock(stop.from)}–${clock(stop.to)}`);
  return [
    t("strip.shares", { from: clock(from), to: clock(to), shares: shares.join(", ") }),
    ...stops,
    t("strip.last", { state: t(`state.${last.look}`) }),
  ].join("; ");
}
