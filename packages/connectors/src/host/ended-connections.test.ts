import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConnectionProtocol, ConnectionRecord, SignalRecord } from "@doppelwerk/world";
import { afterAll, expect, test } from "vitest";
import { wallClock } from "../samples/wall-clock.ts";
import { watchPort } from "../test-watched-port.ts";
import { startConnectorHost } from "./connector-host.ts";

const folder = mkdtempSync(join(tmpdir(), "dw-ended-"));
const host = startConnectorHost({ clock: wallClock, dataDir: folder });
afterAll(async () => {
  await host.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const SECOND_MS = 1_000;

const PLANTS = [
  ["opcua", "opc.tcp://HOST", "i=2258", {}],
  ["mqtt", "mqtt://HOST", "plant/press/force", { template: "plant/{machine}/{signal}" }],
  ["sparkplug", "mqtt://HOST", "group/node/force", {}],
  ["http", "http://HOST/state", "force", { allowPrivate: true }],
  ["mtconnect", "http://HOST", "force", { allowPrivate: true }],
  ["shdr", "shdr://HOST", "force", {}],
  ["sql", "postgres://HOST/plant", "a", { query: "select 1 as a" }],
  ["modbus", "modbus://HOST", "holding:0", {}],
  ["s7", "s7://HOST", "DB1,REAL0", {}],
] as const satisfies readonly (readonly [ConnectionProtocol, string, string, ConnectionRecord["settings"]])[];

test("[SV339] a connection that is ended while its plant answers nothing hangs up within a second, by every protocol", async () => {
  for (const [protocol, url, address, settings] of PLANTS) {
    const port = await watchPort(undefined);
    const id = `connection:${protocol}`;
    const at = url.replace("HOST", `127.0.0.1:${port.port}`);
    const connection: ConnectionRecord = { id, kind: "connection", name: protocol, protocol, url: at, enabled: true, settings };
    const signal: SignalRecord = { id: "signal:1", kind: "signal", name: "x", valueType: "double", connection: id, address };
    const source = host.open(connection, [signal]);
    await source.start({ batch: async () => {}, notice: () => {} });
    await expect.poll(() => port.open, { timeout: 20_000, message: protocol }).toBeGreaterThan(0);
    const begun = performance.now();
    const closed = source.close();
    const lasted = (await port.empty()) - begun;
    await closed;
    console.info(`${protocol}: hung up after ${Math.round(lasted)} ms`);
    expect([protocol, lasted < SECOND_MS, performance.now() - begun < SECOND_MS]).toEqual([protocol, true, true]);
    await port.stop();
  }
}, 90_000);
