import { expect, test } from "vitest";
import type { RecordReader } from "@doppelwerk/world";
import { observedRange } from "./observed-range.ts";

const DAY = 86_400e6;
/** A property that was 3 from the import, 4 from revision 5, 6 from revision 9; each revision is a day. */
const VERSIONS = [
  { revision: 2, value: "3" },
  { revision: 5, value: "4" },
  { revision: 9, value: "6" },
];
const view = {
  timeOf: (revision: number) => revision * DAY,
  reader: (_: string, at?: { readonly revision?: number }) => {
    const version = VERSIONS.findLast(({ revision }) => revision <= at!.revision!);
    return {
      get: (id: string) => (id === "element:1" && version !== undefined ? { id, kind: "element", value: version.value } : undefined),
      written: () => version && { created: 2, updated: version.revision },
    } as unknown as RecordReader;
  },
};

test("[SV143] what the documents stated while the plant was recorded is the range it was observed at, up to the revision of the branch", () => {
  const within = (revision: number, from: number, to: number) => observedRange(view, "element:1", revision, { from, to });
  // the 3 was gone before anything was recorded, the 4 was not
  expect(within(12, 6 * DAY, 12 * DAY)).toEqual({ min: 4, max: 6, from: 6 * DAY, to: 12 * DAY });
  expect(within(12, 3 * DAY, 12 * DAY)).toMatchObject({ min: 3, max: 6 });
  expect(within(12, 10 * DAY, 12 * DAY)).toMatchObject({ min: 6, max: 6 });
  // of a branch that was forked before the 6
  expect(within(8, 3 * DAY, 8 * DAY)).toMatchObject({ min: 3, max: 4 });
  // recorded before there were documents: what they stated first
  expect(within(4, 0, 4 * DAY)).toMatchObject({ min: 3, max: 3 });
  expect(observedRange(view, "element:2", 12, { from: 0, to: DAY })).toBeUndefined();
});
