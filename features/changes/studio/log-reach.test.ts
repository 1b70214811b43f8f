import type { LogLine } from "@doppelwerk/client";
import { expect, test } from "vitest";
import { LOG_PAGE, logReaching, knownAt } from "./log-reach.ts";

/** A change a second. */
const log = Array.from({ length: 1_000 }, (_, n) => ({ revision: 1_000 - n, at: (1_000 - n) * 1e6 }) as LogLine);
const page = async (before = Number.POSITIVE_INFINITY) => log.filter(({ revision }) => revision < before).slice(0, LOG_PAGE);

test("[U93] the log is read back to the instant held, however far it lies, and no further", async () => {
  expect((await logReaching(page, undefined)).length).toBe(LOG_PAGE);
  const lines = await logReaching(page, 450.5e6);
  expect(lines.length).toBe(3 * LOG_PAGE);
  expect(lines.map(({ revision }) => revision)).toEqual(log.slice(0, 600).map(({ revision }) => revision));
  expect((await logReaching(page, -1)).length).toBe(1_000);
});

test("[U93] what came later is told from what stood at the instant held", () => {
  expect(knownAt(log, 450.5e6)).toEqual({ isPast: true, stood: 450 });
  expect(knownAt(log, 1_000e6)).toEqual({ isPast: false, stood: 1_000 });
  expect(knownAt(log, 0)).toEqual({ isPast: true, stood: undefined });
  expect(knownAt(log, undefined)).toEqual({ isPast: false, stood: undefined });
  expect(knownAt([], 5)).toEqual({ isPast: false, stood: undefined });
});
