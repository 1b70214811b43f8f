import { expect, test } from "vitest";
import { codedStops, type Coding } from "./coded-stops.ts";
import { recordedStops, type RecordedSpan } from "./recorded-stops.ts";

const S = 1_000_000;
const span = (from: number, to: number, state = "failed", cause = "internal"): RecordedSpan => ({
  from: from * S,
  to: to * S,
  state,
  cause,
});
const coding = (id: string, from: number, to: number, parts: readonly (readonly [number, string?])[]): Coding => ({
  id,
  from: from * S,
  to: to * S,
  parts: parts.map(([at, reason]) => ({ from: at * S, ...(reason !== undefined && { reason }) })),
});
/** from, to, seconds, reason. */
const shown = ({ stops }: ReturnType<typeof codedStops>) => stops.map((stop) => [stop.from / S, stop.to / S, stop.seconds, stop.reason]);

// works until 100, stops to 160, works, stops to 260, waits to 290
const SPANS = [span(0, 100, "working"), span(100, 160), span(160, 200, "working"), span(200, 260), span(260, 290, "starved", "upstream")];
const recorded = recordedStops(SPANS);

test("[LS1] a stop is what lies between two times of work, in one state; a break inside it, a change of its cause or its turn to a micro-stop ends it not", () => {
  expect(recorded.map(({ from, to, state }) => [from / S, to / S, state])).toEqual([
    [100, 160, "failed"],
    [200, 260, "failed"],
    [260, 290, "starved"],
  ]);
  // no planned time from 30 to 50
  const [one, ...more] = recordedStops([span(10, 30, "microStop", "material"), span(50, 60), span(60, 62, "failed", "utility")]);
  expect([one!.from / S, one!.to / S, one!.state, one!.cause, more]).toEqual([10, 62, "failed", "material", []]);
  expect(codedStops([one!], []).stops[0]).toMatchObject({ seconds: 32, reason: undefined, recorded: 1 });
});

test("[LS2] without codings stops are as recorded; a reason changes no second of them", () => {
  expect(shown(codedStops(recorded, []))).toEqual([
    [100, 160, 60, undefined],
    [200, 260, 60, undefined],
    [260, 290, 30, undefined],
  ]);
  expect(shown(codedStops(recorded, [coding("a", 200, 260, [[200, "technical.jam"]])]))[1]).toEqual([200, 260, 60, "technical.jam"]);
});

test("[LS2] a stop that was split is its parts, and stops that were joined are one, without the time in which the station worked between", () => {
  const split = codedStops(recorded, [
    coding("a", 100, 160, [
      [100, "technical.jam"],
      [130, "material.bad"],
    ]),
  ]);
  expect(shown(split).slice(0, 2)).toEqual([
    [100, 130, 30, "technical.jam"],
    [130, 160, 30, "material.bad"],
  ]);
  const joined = codedStops(recorded, [coding("b", 100, 260, [[100, "technical.jam"]])]);
  expect(shown(joined)).toEqual([
    [100, 260, 120, "technical.jam"],
    [260, 290, 30, undefined],
  ]);
  expect(joined.stops[0]).toMatchObject({ recorded: 2, parts: 1 });
});

test("[LS3] a stop that is revised by late data stays coded: its ends follow the record, its cuts stay; one that is gone is listed as gone", () => {
  const said = coding("a", 100, 160, [
    [100, "technical.jam"],
    [130, "material.bad"],
  ]);
  const longer = recordedStops([span(90, 175)]);
  expect(shown(codedStops(longer, [said]))).toEqual([
    [90, 130, 40, "technical.jam"],
    [130, 175, 45, "material.bad"],
  ]);
  // two stops that turn out to be one: each coding has it up to the next
  const one = codedStops(recordedStops([span(100, 260)]), [said, coding("b", 200, 260, [[200, "utility.air"]])]);
  expect(shown(one)).toEqual([
    [100, 130, 30, "technical.jam"],
    [130, 200, 70, "material.bad"],
    [200, 260, 60, "utility.air"],
  ]);
  // it ends before the cut
  expect(shown(codedStops(recordedStops([span(100, 120)]), [said]))).toEqual([[100, 120, 20, "technical.jam"]]);
  const gone = codedStops(recordedStops([span(0, 300, "working")]), [said]);
  expect([gone.stops, gone.gone]).toEqual([[], [said]]);
});

test("[LS2] [level: bounded] whatever is said, every recorded second is in exactly one stop: 2,000 random codings", () => {
  let seed = 17;
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  for (let round = 0; round < 200; round++) {
    let at = 0;
    const spans = Array.from({ length: 20 }, () =>
      span(at, (at += 1 + random(40)), ["working", "failed", "microStop", "blocked"][random(4)]),
    );
    const stops = recordedStops(spans);
    const codings = Array.from({ length: 10 }, (_, index) => {
      const from = random(at - 2);
      const to = from + 2 + random(60);
      const cut = from + 1 + random(to - from - 1);
      return coding(
        `c${index}`,
        from,
        to,
        random(2) === 0
          ? [[from, "a"]]
          : [
              [from, "a"],
              [cut, "b"],
            ],
      );
    });
    const total = (list: readonly { readonly from: number; readonly to: number }[]) =>
      list.reduce((sum, { from, to }) => sum + to - from, 0);
    const result = codedStops(stops, codings);
    expect(total(result.stops.flatMap((stop) => stop.spans))).toBe(total(spans.filter(({ state }) => state !== "working")));
    for (const [index, next] of result.stops
      .flatMap((stop) => stop.spans)
      .toSorted((a, b) => a.from - b.from)
      .entries()) {
      const before = result.stops.flatMap((stop) => stop.spans).toSorted((a, b) => a.from - b.from)[index - 1];
      if (before !== undefined) expect(next.from, `seed round ${round}`).toBeGreaterThanOrEqual(before.to);
    }
  }
});
