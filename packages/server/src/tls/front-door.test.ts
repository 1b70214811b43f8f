import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:https";
import { connect as connectPlain } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openFrontDoor, type FrontDoor } from "./front-door.ts";
import { ownCertificate, type OwnCertificate } from "./own-certificate.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-door-"));
let own: OwnCertificate;
let door: FrontDoor;
const server = { stop: () => {} };

beforeAll(async () => {
  own = await ownCertificate(join(root, "tls"), ["localhost"]);
  const options = { cert: own.certificate, key: own.key, headersTimeout: 300, requestTimeout: 300, connectionsCheckingInterval: 50 };
  const secure = createServer(options, (_, response) => response.end("in"));
  server.stop = () => secure.closeAllConnections();
  door = await openFrontDoor(secure, { port: 0, host: "127.0.0.1", isOwn: (name) => name === "localhost" });
});
afterAll(async () => {
  server.stop();
  await door.close();
  rmSync(root, { recursive: true, force: true });
});

/** What comes back until the other side closes. */
function plain(sent: string): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const socket = connectPlain(door.port, "127.0.0.1", () => socket.write(sent));
    socket.on("data", (bytes) => (text += String(bytes)));
    socket.on("close", () => resolve(text));
    socket.on("error", () => resolve(text));
  });
}

function secure(sent: string): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const socket = connect({ port: door.port, host: "127.0.0.1", servername: "localhost", ca: own.authority }, () => socket.write(sent));
    socket.on("data", (bytes) => (text += String(bytes)));
    socket.on("close", () => resolve(text));
    socket.on("error", () => resolve(text));
  });
}

test("[E60] one port answers over TLS and redirects what is not, to this server alone", async () => {
  expect(await secure("GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")).toMatch(/^HTTP\/1.1 200 [^]*in$/);
  const location = async (host: string, path = "/board?line=1") =>
    /^location: (.*)$/im.exec(await plain(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\n\r\n`))?.[1]?.trim();
  expect(await location("localhost:8420")).toBe("https://localhost:8420/board?line=1");
  expect(await location("LOCALHOST")).toBe("https://LOCALHOST/board?line=1");
  for (const host of ["evil.example", "localhost.evil.example", "", "localhost@evil.example", "evil.example/localhost"])
    expect(await location(host), host).toBeUndefined();
  expect(await location("localhost", "http://evil.example/")).toBeUndefined();
  expect(await plain("\0\0\0\0 not a request\r\n\r\n")).toMatch(/^HTTP\/1.1 400|^$/);
});

test("[E60] a request that is sent too slowly ends, so that nobody holds connections open with half a line", async () => {
  expect(await secure("GET / HTTP/1.1\r\nhost: local")).toMatch(/^HTTP\/1.1 408/);
});
