import { expect, test } from "vitest";
import { dominant } from "./rail.ts";

/** Pieces that follow one another from 0 on. */
function pieces(...rows: readonly (readonly [state: string, length: number])[]) {
  let at = 0;
  return rows.map(([state, length]) => ({ state, from: at, to: (at += length) }));
}

test("[SV16] a slice shows the state that held longest, and a failure a sixth as long outweighs it", () => {
  const shown = (failed: number) => dominant(pieces(["working", 100 - failed], ["failed", failed]), 0, 100, 1).map(({ state }) => state);
  expect(shown(0)).toEqual(["working"]);
  expect(shown(14)).toEqual(["working"]);
  expect(shown(15)).toEqual(["failed"]);
  expect(dominant(pieces(["working", 60], ["starved", 40]), 0, 100, 1)).toMatchObject([{ state: "working", share: 0.6 }]);
});

test("[SV16] slices cover the span without overlap, in order, and never more than were asked for; where nothing is known there is none", () => {
  const many = pieces(
    ...Array.from({ length: 1_000 }, (_, i) => [["working", "starved", "blocked", "failed"][i % 4]!, 1 + (i % 7)] as const),
  );
  const end = many.at(-1)!.to;
  for (const points of [10, 37, 600]) {
    const segments = dominant(many, 0, end, points);
    expect(segments.length).toBeLessThanOrEqual(points);
    expect(segments[0]!.from).toBe(0);
    expect(segments.at(-1)!.to).toBe(end);
    for (const [i, { from, to, share }] of segments.entries()) {
      expect(to).toBeGreaterThan(from);
      if (i > 0) expect(from).toBe(segments[i - 1]!.to);
      expect(share).toBeGreaterThan(0);
      expect(share).toBeLessThanOrEqual(1 + 1e-9);
    }
  }
  const late = [{ state: "working", from: 50, to: 100 }];
  expect(dominant(late, 0, 100, 4)).toEqual([{ from: 50, to: 100, state: "working", share: 1 }]);
});
