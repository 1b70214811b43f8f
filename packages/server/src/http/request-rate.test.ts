import { expect, test } from "vitest";
import { RequestRate } from "./request-rate.ts";

test("[SV215] an identity is refused beyond its requests of ten seconds, and told when to come again; others are not", () => {
  let now = 1_000_000;
  const rate = new RequestRate(2, () => now);
  for (let n = 0; n < 20; n++) rate.count("a");
  now += 3_500;
  expect(() => rate.count("a")).toThrow(expect.objectContaining({ code: "DW_TOO_OFTEN", details: { retryAfterS: 7 } }));
  rate.count("b");
  now += 6_500;
  for (let n = 0; n < 20; n++) rate.count("a");
  expect(() => rate.count("a")).toThrow(/10 s/);
  now -= 60_000;
  rate.count("a");
});
