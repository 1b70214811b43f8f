import { pino } from "pino";
import { expect, test } from "vitest";
import { createApp } from "./app.ts";
import { isLoopback, originOf, refusalOf } from "./guard.ts";

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

test("[SV87] a page of an allowed origin may call the AAS API and read its headers, and nothing else; others stay refused", async () => {
  const app = createApp(pino({ level: "silent" }), new Set(["http://localhost:3000"]));
  app.get("/api/v3/shells", async () => ({ result: [] }));
  app.get("/api/doppelwerk/v1/world", async () => ({}));
  const ask = (url: string, origin: string, method: "GET" | "OPTIONS" = "GET", more: Record<string, string> = {}) =>
    app.inject({ method, url, headers: { host: "127.0.0.1:8420", origin, ...more } });
  const answer = await ask("/api/v3/shells", "http://localhost:3000");
  expect([answer.statusCode, answer.headers["access-control-allow-origin"]]).toEqual([200, "http://localhost:3000"]);
  expect(answer.headers["access-control-expose-headers"]).toContain("location");
  const preflight = await ask("/api/v3/submodels/eA", "http://localhost:3000", "OPTIONS", {
    "access-control-request-method": "PUT",
    "access-control-request-headers": "content-type,prefer",
  });
  expect([preflight.statusCode, preflight.headers["access-control-allow-headers"]]).toEqual([204, "content-type,prefer"]);
  expect(preflight.headers["access-control-allow-methods"]).toContain("PATCH");
  expect((await ask("/api/doppelwerk/v1/world", "http://localhost:3000")).statusCode).toBe(403);
  expect((await ask("/api/v3/shells", "http://localhost:3001")).statusCode).toBe(403);
  expect((await ask("/api/v3/shells", "http://localhost:3001", "OPTIONS")).statusCode).toBe(403);
  expect((await ask("/api/v3/shells", "http://localhost:3000", "GET", { host: "evil.example" })).statusCode).toBe(403);
  await app.close();
  expect(["http://localhost:3000", "https://view.example", "https://view.example/"].map(originOf)).not.toContain(undefined);
  expect(["*", "localhost:3000", "http://localhost:3000/path", "file:///x", "null"].map(originOf)).toEqual(Array(5).fill(undefined));
});

test("[SV2] only loopback names are loopback", () => {
  expect(["127.0.0.1", "127.9.8.7", "localhost", "::1"].every(isLoopback)).toBe(true);
  expect(["0.0.0.0", "::", "192.168.0.1", "example.org", "127.0.0.1.example.org"].some(isLoopback)).toBe(false);
});
