import type { Rail } from "@doppelwerk/client";
import { HOUR } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { changeMarks } from "./rail-lane.ts";

const NOW = 1_795_500_000_000_000;

test("[U5] a merge speaks before the edits around it, forks are left to their lanes", () => {
  const at = (offset: number, kind: "merge" | "edit" | "fork", revision: number): Rail["changes"][number] => ({
    at: NOW + offset,
    kind,
    revision,
    title: kind,
    branch: "live",
  });
  const marks = changeMarks([at(0, "edit", 1), at(1000, "merge", 2), at(2000, "edit", 3), at(3000, "fork", 4)], HOUR);
  expect(marks).toHaveLength(1);
  expect(marks[0]).toMatchObject({ kind: "merge", revision: 2, count: 3 });
});
