import { connect } from "node:net";
import { text } from "node:stream/consumers";
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
  ["LOCALHOST:8420", "http://localhost:8420", true],
  ["127.0.0.1", undefined, true],
  ["[::1].evil.example", undefined, false],
  ["[::1]evil.example:8420", undefined, false],
  ["localhost:80@evil.example", undefined, false],
  ["localhost@evil.example", undefined, false],
  ["localhost:8420/evil", undefined, false],
  ["localhost:8420#evil", undefined, false],
  ["localhost: 8420", undefined, false],
  ["localhost:", undefined, false],
  ["localhost:123456", undefined, false],
  ["localhost.", undefined, false],
  ["127.0.0.999:8420", undefined, false],
  ["127.1:8420", undefined, false],
  ["::1", undefined, false],
  ["[::1", undefined, false],
  ["localhost, evil.example", undefined, false],
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

test("[SV1] two Host headers are refused, whichever comes first, on HTTP and before a WebSocket is opened", async () => {
  const app = createApp(pino({ level: "silent" }));
  app.get("/api/doppelwerk/v1/world", async ({ host }) => ({ host }));
  const address = new URL(await app.listen({ port: 0, host: "127.0.0.1" }));
  const ask = async (...hosts: readonly string[]) => {
    const socket = connect(Number(address.port), "127.0.0.1");
    socket.end(`GET /api/doppelwerk/v1/world HTTP/1.1\r\n${hosts.map((host) => `Host: ${host}\r\n`).join("")}Connection: close\r\n\r\n`);
    return (await text(socket)).split(" ")[1];
  };
  expect(await ask(address.host)).toBe("200");
  expect(await ask(address.host, "evil.example")).not.toBe("200");
  expect(await ask("evil.example", address.host)).not.toBe("200");
  expect(await ask(address.host, address.host)).not.toBe("200");
  await app.close();
  const { host } = address;
  expect(refusalOf({ headers: { host }, rawHeaders: ["Host", host, "Accept", "host"] })).toBeUndefined();
  // RFC 9112, 3.2.2: the host of a whole address would count, and the paths of all rules would not be seen
  for (const url of [`http://${host}/api`, "https://evil.example/api", "evil.example:80", "", "api"])
    expect(refusalOf({ headers: { host }, url })?.code, url).toBe("server.requestNamesPath");
  for (const url of ["/", "/api?x=http://evil.example/", "*"]) expect(refusalOf({ headers: { host }, url }), url).toBeUndefined();
  expect(refusalOf({ headers: { host }, rawHeaders: ["Host", host, "HOST", host] })).toEqual({
    code: "server.severalHostHeaders",
    params: {},
  });
});

test("[SV133] a write on a condition that nothing here can judge is refused, not carried out", async () => {
  const app = createApp(pino({ level: "silent" }));
  let writes = 0;
  app.route({
    method: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    url: "/api/doppelwerk/v1/thing",
    handler: async () => ({ writes: ++writes }),
  });
  const conditions = [
    { "if-match": '"1"' },
    { "if-match": "*" },
    { "if-none-match": "*" },
    { "if-unmodified-since": "Sat, 29 Oct 1994 19:43:31 GMT" },
  ];
  for (const condition of conditions) {
    const headers = { host: "localhost", ...condition };
    for (const method of ["POST", "PUT", "PATCH", "DELETE"] as const) {
      const answer = await app.inject({ method, url: "/api/doppelwerk/v1/thing", headers });
      expect([answer.statusCode, answer.json().error.code], JSON.stringify(condition)).toEqual([400, "DW_INVALID"]);
      expect(answer.json().error.message).toContain("Doppelwerk-Unchanged-Since");
    }
    expect(writes).toBe(0);
  }
  expect((await app.inject({ url: "/api/doppelwerk/v1/thing", headers: { host: "localhost", "if-none-match": '"1"' } })).statusCode).toBe(
    200,
  );
  await app.close();
});

test("[SV2] only loopback names are loopback", () => {
  expect(["127.0.0.1", "127.9.8.7", "localhost", "::1"].every(isLoopback)).toBe(true);
  expect(["0.0.0.0", "::", "192.168.0.1", "example.org", "127.0.0.1.example.org"].some(isLoopback)).toBe(false);
});
