import { expect, test } from "vitest";
import { isLoopback, refusalOf } from "./guard.ts";

test.each([
  ["127.0.0.1:8420", undefined, true],
  ["localhost:8420", "http://localhost:8420", true],
  ["[::1]:8420", "http://[::1]:8420", true],
  ["evil.example", undefined, false],
  ["127.0.0.1.evil.example:8420", undefined, false],
  ["localhost:8420", "http://evil.example", false],
  ["localhost:8420", "https://localhost:8420", false],
  ["localhost:8420", "null", false],
  ["", undefined, false],
])("[SV1] Host %s with Origin %s is answered: %s", (host, origin, answered) => {
  expect(refusalOf({ headers: { host, ...(origin === undefined ? {} : { origin }) } }) === undefined).toBe(answered);
});

test("[SV2] only loopback names are loopback", () => {
  expect(["127.0.0.1", "127.9.8.7", "localhost", "::1"].every(isLoopback)).toBe(true);
  expect(["0.0.0.0", "::", "192.168.0.1", "example.org", "127.0.0.1.example.org"].some(isLoopback)).toBe(false);
});
