import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { eventually, startProgram, startServer, type Program } from "./running-site.ts";

// The whole site of the demo plant behind its sockets, and a server that knows it by its engineering file alone.

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-site-"));
const running: Program[] = [];
afterAll(async () => {
  for (const program of running.toReversed()) await program.stop();
  rmSync(folder, { recursive: true, force: true });
});

const HOUR = 3_600_000_000;

interface Connection {
  readonly id: string;
  readonly url: string;
  readonly protocol: string;
  readonly state: string;
  readonly dropped: number;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, "127.0.0.1", done));
  const { port } = probe.address() as { readonly port: number };
  await new Promise((done) => probe.close(done));
  return port;
}

test("[DP25] [DP28] Line 4, the utilities and the warehouse come over Modbus, HTTP push and Sparkplug, their past first, and a killed server misses nothing", async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const plant = await startProgram("examples/demo-plant/src/main.ts", [
    "--json",
    "--minimal",
    "--site",
    "--data",
    join(folder, "plant"),
    "--push",
    url,
  ]);
  running.push(plant);
  const serve = () =>
    startServer(join(folder, "data"), ["--port", String(port), "--import", String(plant.ready["engineeringFile"]), "--demo"]);
  let server = await serve();
  running.push(server);
  const get = async (path: string) => (await fetch(`${url}/api/doppelwerk/v1/${path}`)).json() as Promise<unknown>;

  const connections = await eventually(async () => {
    const all = (await get("connections")) as readonly Connection[];
    return all.length === 5 && all.every(({ state }) => state === "connected") ? all : undefined;
  }, "five connections");
  expect(connections.map(({ protocol }) => protocol).toSorted()).toEqual(["modbus", "opcua", "push", "push", "sparkplug"]);

  const ids = new Map<string, string>();
  for (const { id } of connections) {
    const { signals } = (await get(`connections/${encodeURIComponent(id)}/signals?limit=1000`)) as {
      readonly signals: readonly { readonly id: string; readonly address: string }[];
    };
    for (const signal of signals) ids.set(signal.address, signal.id);
  }
  /** Good values with their times, µs. */
  const samples = async (address: string, from: number): Promise<readonly (readonly [value: number, time: number])[]> => {
    const signal = encodeURIComponent(ids.get(address)!);
    const text = await (
      await fetch(`${url}/api/doppelwerk/v1/export/samples?signals=${signal}&from=${from}&to=${Date.now() * 1_000}`)
    ).text();
    const [head = "", ...lines] = text.trim().split("\r\n");
    const [value, time, quality] = ["value", "time", "quality"].map((name) => head.split(",").indexOf(name)) as [number, number, number];
    return lines
      .map((line) => line.split(","))
      .filter((cells) => cells[quality] === "good")
      .map((cells) => [Number(cells[value]), Date.parse(cells[time]!) * 1_000]);
  };

  // 16 to 24 hours of shifts lie in the last two days.
  const began = Date.now() * 1_000;
  const past = began - 48 * HOUR;
  const total = "Line4.L4-060.Total";
  const before = await eventually(async () => {
    const made = await samples(total, past);
    return made.length > 800 && made.at(-1)![1] > began - HOUR / 6 ? made : undefined;
  }, "the past of Line 4");
  expect(before.slice(1).every(([value], i) => value - before[i]![0] === 1)).toBe(true);
  await eventually(async () => {
    const pressure = await samples("Hall2/Utilities-Edge/AirMain/Pressure", past);
    return pressure.length > 500 && pressure.every(([bar]) => bar >= 0 && bar < 8) ? true : undefined;
  }, "the past of the air main");
  await eventually(
    async () => ((await samples("Warehouse.Warehouse.OnHand_HEATPUMP", past)).length > 20 ? true : undefined),
    "the past of the store",
  );
  // Words in the order of the device: anything else would be no pressure.
  await eventually(async () => {
    const bars = await samples("5/input/20/float32?word=little", began);
    return bars.length > 0 && bars.at(-1)![0] > 5 && bars.at(-1)![0] < 8 ? true : undefined;
  }, "a pressure over Modbus");

  await eventually(
    async () => ((await samples("Line4.L4-R10.VendorState", began)).length > 0 ? true : undefined),
    "a state that has not changed",
  );

  await server.stop("SIGKILL");
  await new Promise((done) => setTimeout(done, 3_000));
  server = await serve();
  running.push(server);
  const back = Date.now() * 1_000;
  const all = await eventually(async () => {
    const made = await samples("Line4.L4-010.PartIn", began).catch(() => []);
    return made.some(([, time]) => time > back) ? samples(total, past) : undefined;
  }, "Line 4 sends again");
  expect(all.length).toBeGreaterThanOrEqual(before.length);
  expect(all.slice(1).every(([value], i) => value - all[i]![0] === 1)).toBe(true);
});
