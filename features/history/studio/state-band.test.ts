import { expect, test } from "vitest";
import { bandOf } from "./state-band.ts";

test("[HQ12] states are a band: stretches of one state are one piece, a change within a bucket shares its height, unknown time is drawn as such", () => {
  // buckets of ten seconds: on, on, half and half, off, unknown
  const durations = {
    width: 10e6,
    states: [
      { state: "on", seconds: [10, 10, 5, 0, 0] },
      { state: "off", seconds: [0, 0, 5, 10, 0] },
    ],
    unknownS: [0, 0, 0, 0, 10],
  };
  expect(bandOf(durations)).toEqual([
    { from: 0, to: 0.4, parts: [{ state: 0, share: 1 }] },
    { from: 0.4, to: 0.6, parts: [{ state: 0, share: 0.5 }, { state: 1, share: 0.5 }] },
    { from: 0.6, to: 0.8, parts: [{ state: 1, share: 1 }] },
    { from: 0.8, to: 1, parts: [{ state: -1, share: 1 }] },
  ]); // prettier-ignore
});
