import { expect, test } from "vitest";
import { shownKind } from "./shown-kind.ts";

test("[PT25] a work unit of a storage zone is called a storage location, one of a line a work unit", () => {
  expect(shownKind({ kind: "workUnit" }, { kind: "storageZone" })).toBe("storageLocation");
  expect(shownKind({ kind: "workUnit" }, { kind: "productionLine" })).toBe("workUnit");
  expect(shownKind({ kind: "storageZone" }, { kind: "site" })).toBe("storageZone");
});
