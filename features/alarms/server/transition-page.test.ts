import { expect, test } from "vitest";
import type { Alarm } from "../contract.ts";
import { pageOf, readCursor } from "./transition-page.ts";

const steps = (...instants: number[]) => instants.map((changed, n) => ({ id: `${changed} ${n}`, changed }) as unknown as Alarm);

test("[AL16] pages of any size lead through transitions of one instant and end where the period ends", () => {
  const all = steps(9, 7, 7, 7, 7, 7, 3, 3, 1);
  for (let limit = 1; limit <= all.length + 1; limit++) {
    const found: Alarm[] = [];
    let cursor: ReturnType<typeof readCursor> | undefined;
    for (let pages = 0; ; pages++) {
      expect(pages).toBeLessThanOrEqual(all.length);
      // as the fold answers them: up to and with the instant of the cursor
      const from = all.filter(({ changed }) => cursor === undefined || changed <= cursor.instant);
      const page = pageOf(from, limit, cursor);
      found.push(...page.alarms);
      if (page.next === undefined) break;
      cursor = readCursor(page.next);
    }
    expect(found).toEqual(all);
  }
  expect(() => readCursor("7")).toThrow();
});
