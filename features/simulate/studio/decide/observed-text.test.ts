import { expect, test } from "vitest";
import type { Translate } from "@doppelwerk/kit/studio";
import { observedText } from "./observed-text.ts";

const t = ((code: string, params: object = {}) => [code.replace("simulate.decide.", ""), ...Object.values(params)].join(" ")) as Translate;
const DAY = 86_400e6;
const observed = { min: 4, max: 6, from: 0, to: 7 * DAY };

test("[SV143] a value the plant was never recorded at comes with what was observed, or that nothing was", () => {
  const text = (factor: Parameters<typeof observedText>[0]["factor"], model?: Parameters<typeof observedText>[0]["model"]): string =>
    observedText({ factor, model, t, language: "en" }).replace(/\s+/gu, " ");
  expect(text({ unit: "1", observed })).toBe("observedRange 4 6 7 d");
  expect(text({ unit: "1", observed: { ...observed, min: 6 } })).toBe("observedOne 6 7 d");
  expect(text({ unit: "1" })).toBe("outsideObserved");
  // what was measured is said rather than what the documents state
  const fitted = { live: 208, here: 190, source: "fitted", n: 812 } as const;
  expect(text({ unit: "s", observed }, fitted)).toBe("observedMean 208 s 812");
  expect(text({ unit: "s", observed }, { ...fitted, n: 0 })).toBe("observedRange 4 6 s 7 d");
});
