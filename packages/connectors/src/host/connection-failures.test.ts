import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { Aedes } from "aedes";
import { afterAll, expect, test } from "vitest";
import {
  connectionFailureCodes,
  connectionFailureIn,
  DoppelwerkError,
  type ConnectionProtocol,
  type ConnectionTarget,
} from "@doppelwerk/world";
import { connectionFailure, reasonAt } from "../samples/connection-failure.ts";
import { wallClock } from "../samples/wall-clock.ts";
import { startConnectorHost } from "./connector-host.ts";

const folder = mkdtempSync(join(tmpdir(), "dw-failures-"));
const host = startConnectorHost({ clock: wallClock, dataDir: folder });
const servers: Server[] = [];
afterAll(async () => {
  await host.close();
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  servers.push(server);
  return (server.address() as AddressInfo).port;
}

async function failureAt(protocol: ConnectionProtocol, url: string, settings?: ConnectionTarget["settings"]) {
  const failed: unknown = await host.browse({ protocol, url, ...(settings && { settings }) }, { listenS: 1 }).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(failed instanceof DoppelwerkError)) throw new Error(`no refusal of ${url}`);
  return failed;
}

test("[C200] a refused connection is one sentence with the address once, the cause and what to do, by every protocol", async () => {
  for (const [protocol, url] of [
    ["opcua", "opc.tcp://127.0.0.1:1"],
    ["mqtt", "mqtt://127.0.0.1:1"],
    ["sparkplug", "mqtt://127.0.0.1:1"],
    ["http", "http://127.0.0.1:1/state"],
    ["mtconnect", "http://127.0.0.1:1"],
    ["sql", "postgres://127.0.0.1:1/plant"],
    ["shdr", "shdr://127.0.0.1:1"],
  ] as const) {
    const { reason, message } = await failureAt(protocol, url, settingsOf(protocol));
    expect([protocol, reason.code, reason.params]).toEqual([protocol, "connectors.connectionRefused", { address: url }]);
    expect(message).toBe(
      `No connection to ${url}: nothing listens at this port, the host refuses the connection. Check the port, and that the server of the plant is running.`,
    );
  }
});

function settingsOf(protocol: ConnectionProtocol): ConnectionTarget["settings"] {
  if (protocol === "sql") return { query: "select 1 as a" };
  return protocol === "http" || protocol === "mtconnect" ? { allowPrivate: true } : undefined;
}

test("[C200] names that are unknown, other protocols, plain ports for TLS, certificates, logins and closed connections are told apart", async () => {
  const web = await listen(createHttpServer((_, response) => response.end("hello")));
  const closes = await listen(createServer((socket: Socket) => socket.destroy()));
  const greets = await listen(createServer((socket: Socket) => socket.end("220 mail ready\r\n")));
  const aedes = await Aedes.createBroker({ authenticate: (_client, _user, _password, done) => done(null, false) });
  const broker = await listen(createServer((socket) => aedes.handle(socket)));
  const tls = await listen(createTlsServer({}));
  const found = await Promise.all(
    (
      [
        ["http", "http://no-such-host.invalid/state", { allowPrivate: true }],
        ["http", `http://127.0.0.1:${greets}/state`, { allowPrivate: true }],
        ["http", `https://127.0.0.1:${web}/state`, { allowPrivate: true }],
        ["http", `http://127.0.0.1:${closes}/state`, { allowPrivate: true }],
        ["mqtt", `mqtt://127.0.0.1:${broker}`, undefined],
        ["mqtt", `mqtts://127.0.0.1:${tls}`, undefined],
        ["opcua", "opc.tcp://no-such-host.invalid:4840", undefined],
      ] as const
    ).map(async ([protocol, url, settings]) => [url.split(":")[0], (await failureAt(protocol, url, settings)).reason.code]),
  );
  await new Promise<void>((done) => aedes.close(done));
  expect(found).toEqual([
    ["http", "connectors.hostNotFound"],
    ["http", "connectors.otherProtocol"],
    ["https", "connectors.tlsNotSpoken"],
    ["http", "connectors.closedByPeer"],
    ["mqtt", "connectors.loginRejected"],
    ["mqtts", "connectors.tlsNotSpoken"],
    ["opc.tcp", "connectors.hostNotFound"],
  ]);
});

const errorOf = (fields: object, text = "x") => Object.assign(new Error(text), fields);

test("[C200] each usual cause is known by its code: of systems, of TLS, in a list of tries and as the cause of another error", () => {
  const cases: readonly (readonly [unknown, string])[] = [
    [errorOf({ code: "ETIMEDOUT", address: "10.0.0.5", port: 502 }), "connectors.connectionTimedOut"],
    [errorOf({ code: "EHOSTUNREACH" }), "connectors.networkUnreachable"],
    [errorOf({ code: "ENETUNREACH" }), "connectors.networkUnreachable"],
    [errorOf({ code: "EADDRINUSE", address: "0.0.0.0", port: 4840 }), "connectors.portInUse"],
    [errorOf({ code: "CERT_HAS_EXPIRED" }), "connectors.tlsCertificate"],
    [errorOf({ code: "DEPTH_ZERO_SELF_SIGNED_CERT" }), "connectors.tlsCertificate"],
    [errorOf({ code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" }), "connectors.tlsCertificate"],
    [errorOf({ code: "ERR_TLS_CERT_ALTNAME_INVALID" }), "connectors.tlsCertificate"],
    [errorOf({ code: "ERR_SSL_WRONG_VERSION_NUMBER" }), "connectors.tlsNotSpoken"],
    [errorOf({ code: "28P01" }), "connectors.loginRejected"],
    [new AggregateError([errorOf({ code: "ECONNREFUSED", address: "::1", port: 1 })], ""), "connectors.connectionRefused"],
    [new Error("fetch failed", { cause: errorOf({ code: "ENOTFOUND", hostname: "plc" }) }), "connectors.hostNotFound"],
    [new Error("client disconnected: read ECONNRESET"), "connectors.closedByPeer"],
  ];
  for (const [error, code] of cases) {
    expect(connectionFailure(error)?.code, code).toBe(code);
    expect(connectionFailureCodes, code).toContain(code);
  }
  expect(connectionFailure(new Error("the register map is empty"))).toBeUndefined();
  expect(reasonAt({ code: "connectors.serverAnswers", params: { status: 401 } }, "https://m/state").code).toBe("connectors.loginRejected");
  expect(reasonAt({ code: "connectors.serverAnswers", params: { status: 500 } }, "https://m/state").code).toBe("connectors.serverAnswers");
  const nested = {
    code: "connect.plantCannotReached",
    params: { url: "u", reason: { code: "connectors.portInUse", params: { address: "p" } } },
  };
  expect(connectionFailureIn(nested)?.code).toBe("connectors.portInUse");
});
