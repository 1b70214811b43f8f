import { expect, test } from "vitest";
import { historyNotice } from "./history-notice.ts";

test("[U75] that values are not kept is told before damage, with since when and how many; damage until the person knows of it", () => {
  const well = { unwritten: 0, damagedFiles: 0, missingSamples: 0 };
  expect(historyNotice(well, 0)).toBeUndefined();
  // samples that were not kept once are counted under Settings; what is over is no notice
  expect(historyNotice({ ...well, unwritten: 40 }, 0)).toBeUndefined();
  const full = { ...well, refusedSince: 5, diskFull: true, unwritten: 40, damagedFiles: 2 };
  expect(historyNotice(full, 0)).toEqual({ kind: "notKept", since: 5, isDiskFull: true, unwritten: 40 });
  const damaged = { ...well, damagedFiles: 2, missingSamples: 7 };
  expect(historyNotice(damaged, 0)).toEqual({ kind: "damaged", files: 2 });
  expect(historyNotice(damaged, 2)).toBeUndefined();
  expect(historyNotice({ ...damaged, damagedFiles: 3 }, 2)).toEqual({ kind: "damaged", files: 3 });
});
