import { expect, test } from "vitest";
import { isOlderVersion } from "./version-order.ts";

test("[PK107] versions are ordered as Semantic Versioning has them", () => {
  const ordered = [
    "0.9.0",
    "0.10.0",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
    "1.0.1",
  ];
  for (const [at, version] of ordered.entries())
    for (const [otherAt, other] of ordered.entries())
      expect([version, other, isOlderVersion(version, other)]).toEqual([version, other, at < otherAt]);
  expect(isOlderVersion("1.0.0+1", "1.0.0+2")).toBe(false);
});
