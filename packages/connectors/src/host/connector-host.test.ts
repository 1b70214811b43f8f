import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { quality, type ConnectionRecord, type SignalRecord } from "@doppelwerk/world";
import { formatAddress } from "../opcua/address.ts";
import { startServerProcess, type ServerProcess } from "../opcua/test-plant.ts";
import { TEST_NAMESPACE, type TestVariable } from "../opcua/test-server.ts";
import { createRecorder } from "../samples/recorder.ts";
import { wallClock } from "../samples/wall-clock.ts";
import { startBroker, startEdge } from "../sparkplug/test-broker.ts";
import { startConnectorHost, type ConnectorHost } from "./connector-host.ts";

const folder = mkdtempSync(join(tmpdir(), "dw-host-"));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

const opcua = (url: string): ConnectionRecord => ({
  id: "connection:1",
  kind: "connection",
  name: "plant",
  protocol: "opcua",
  url,
  enabled: true,
});
const signal = (name: string, more: Partial<SignalRecord> = {}): SignalRecord => ({
  id: `signal:${name}`,
  kind: "signal",
  name,
  valueType: "double",
  address: formatAddress(TEST_NAMESPACE, `s=${name}`),
  ...more,
});

describe("connector host", () => {
  let stops: (() => Promise<unknown> | void)[] = [];
  afterEach(async () => {
    for (const stop of stops.toReversed()) await stop();
    stops = [];
  });

  function host(): { readonly host: ConnectorHost; readonly crashes: string[] } {
    const crashes: string[] = [];
    const started = startConnectorHost({
      clock: wallClock,
      dataDir: folder,
      timing: { graceMs: 400, retryMs: { first: 50, most: 200 } },
      onCrash: (reason) => crashes.push(reason),
    });
    stops.push(() => started.close());
    return { host: started, crashes };
  }

  async function plant(variables: readonly TestVariable[]): Promise<ServerProcess> {
    const server = await startServerProcess({ pkiFolder: join(folder, "pki-server"), variables });
    stops.push(() => server.stop());
    return server;
  }

  test("[C30] the server's side loads no protocol library, and one process serves all connections", async () => {
    const script = `import { registerHooks } from "node:module";
      const loaded = [];
      registerHooks({ resolve(specifier, context, next) { loaded.push(specifier); return next(specifier, context); } });
      await import(${JSON.stringify(new URL("../index.ts", import.meta.url).href)});
      console.log(JSON.stringify(loaded));`;
    const loaded = JSON.parse(execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" })) as string[];
    expect(loaded.some((specifier) => specifier.includes("connector-host"))).toBe(true);
    expect(
      loaded.filter((specifier) =>
        /^(?:node-opcua|mqtt$|sparkplug|pg$)|(?:opcua|mqtt|modbus|http|mtconnect|shdr|sparkplug|sql)-source|guarded-client/.test(specifier),
      ),
    ).toEqual([]);

    const server = await plant([{ name: "a", value: 1 }]);
    const broker = await startBroker();
    stops.push(() => broker.stop());
    const edge = await startEdge(broker.url, { group: "G", node: "N" });
    stops.push(() => edge.end());
    const { host: connectors } = host();
    expect(connectors.pid).toBeUndefined();
    const first = connectors.open(opcua(server.url), [signal("a")]);
    const second = connectors.open({ ...opcua(broker.url), protocol: "sparkplug" }, [signal("m", { address: "G/N//m" })]);
    const recorders = [createRecorder(), createRecorder()] as const;
    await first.start(recorders[0]);
    await second.start(recorders[1]);
    await recorders[1].until(() => recorders[1].states().includes("connected"), "connected");
    await edge.birth([{ name: "m", type: "Double", value: 3 }]);
    await recorders[0].until(() => recorders[0].of(0).at(-1)?.value === 1, "OPC UA");
    await recorders[1].until(() => recorders[1].of(0).at(-1)?.value === 3, "Sparkplug");
    const { pid } = connectors;
    await connectors.close();
    expect(() => process.kill(pid!, 0)).toThrow();
    expect(recorders.map((recorder) => recorder.states().at(-1))).toEqual(["closed", "closed"]);
  });

  test("[C31] a process that dies is started again: values are uncertain, then good anew, and the gap is read from the archive", async () => {
    const server = await plant([
      { name: "a", value: 1 },
      // before and long after the kill, however slow the machine is
      { name: "old", value: 2, archive: Array.from({ length: 300 }, (_, i) => [Date.now() + (i - 100) * 1000, i] as const) },
    ]);
    const { host: connectors, crashes } = host();
    const source = connectors.open(opcua(server.url), [signal("a"), signal("old")]);
    const recorder = createRecorder();
    await source.start(recorder);
    await recorder.until(() => recorder.of(0).length > 0 && recorder.of(1).length > 0, "first values");
    const dead = connectors.pid!;
    process.kill(dead, "SIGKILL");
    await recorder.until(() => recorder.of(0).at(-1)?.quality === quality.uncertain, "uncertain");
    const lostAt = recorder.of(0).at(-1)!.sourceTime;
    await recorder.until(() => recorder.of(0).at(-1)?.quality === quality.good && recorder.of(0).at(-1)!.sourceTime > lostAt, "good again");
    expect(connectors.pid).not.toBe(dead);
    expect(crashes).toHaveLength(1);
    server.set("a", 42);
    await recorder.until(() => recorder.of(0).at(-1)?.value === 42, "a change");
    await recorder.until(
      () => recorder.of(1).filter((sample) => sample.sourceTime < lostAt && sample.serverTime > lostAt).length > 0,
      "the gap from the archive",
    );
  });

  test("[C32] history passes a slow listener complete, with few batches on their way", async () => {
    const length = 200_000;
    const server = await plant([{ name: "long", archiveLength: length }]);
    const { host: connectors } = host();
    const source = connectors.open(opcua(server.url), [signal("long")]);
    let out = 0;
    let most = 0;
    const recorder = createRecorder(async () => {
      most = Math.max(most, ++out);
      await new Promise((resolve) => setTimeout(resolve, 30));
      out--;
    });
    await source.start(recorder);
    await recorder.until(() => recorder.of(0).length > 0, "connected");
    const now = wallClock.now();
    expect(await source.backfill(now - (length + 100) * 1_000_000, now)).toBe(length);
    await recorder.until(() => recorder.of(0).length > length, "everything");
    expect(most).toBe(1);
    expect(new Set(recorder.of(0).map((sample) => sample.sourceTime)).size).toBeGreaterThanOrEqual(length);
  });

  test("[C33] browsing an address where nobody answers is refused with the reason, and a living one answers", async () => {
    const server = await plant([{ name: "a", value: 1 }]);
    const { host: connectors } = host();
    const result = await connectors.browse(server.url);
    expect(result.drafts.some((draft) => draft.name === "a")).toBe(true);
    await server.kill();
    await expect(connectors.browse(server.url)).rejects.toThrow(`No connection to ${server.url}: nothing listens at this port`);
  });
});
