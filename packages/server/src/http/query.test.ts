import { expect, test } from "vitest";
import { instant } from "./query.ts";

test("[SV53] an instant is microseconds, or a time of RFC 3339 with its zone, to the microsecond; nothing else is one", () => {
  const at = 1_782_901_230_123_456;
  for (const text of [
    String(at),
    "2026-07-01T10:20:30.123456Z",
    "2026-07-01 12:20:30.123456+02:00",
    // as a query has it whose + was not escaped
    "2026-07-01T12:20:30.123456 02:00",
    "2026-07-01t10:20:30.123456789z",
  ])
    expect(instant.parse(text), text).toBe(at);
  expect(instant.parse("2026-07-01T10:20:30Z")).toBe(1_782_901_230_000_000);
  for (const text of ["", " ", "2026-07-01", "2026-07-01T10:20:30", "2026-13-01T10:20:30Z", "yesterday", "-1", "1.5"])
    expect(instant.safeParse(text).success, text).toBe(false);
});
