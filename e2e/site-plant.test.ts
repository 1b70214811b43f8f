import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually, freePort, startProgram, startServer, type Program } from "./running-site.ts";

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

const ids = new Map<string, string>();
let url: string;
let plant: Program;
let serve: () => Promise<Program>;

const get = async (path: string) => (await fetch(`${url}/api/doppelwerk/v1/${path}`)).json() as Promise<unknown>;

/** Good values with their times, µs. */
async function samples(address: string, from: number): Promise<readonly (readonly [value: number, time: number])[]> {
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
}

beforeAll(async () => {
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  plant = await startProgram("examples/demo-plant/src/main.ts", [
    "--json",
    "--minimal",
    "--site",
    "--data",
    join(folder, "plant"),
    "--push",
    url,
  ]);
  running.push(plant);
  serve = () => startServer(join(folder, "data"), ["--port", String(port), "--import", String(plant.ready["engineeringFile"]), "--demo"]);
  running.push(await serve());
  const connections = await eventually(async () => {
    const all = (await get("connections")) as readonly Connection[];
    return all.length === 5 && all.every(({ state }) => state === "connected") ? all : undefined;
  }, "five connections");
  expect(connections.map(({ protocol }) => protocol).toSorted()).toEqual(["modbus", "opcua", "push", "push", "sparkplug"]);
  for (const { id } of connections) {
    const { signals } = (await get(`connections/${encodeURIComponent(id)}/signals?limit=1000`)) as {
      readonly signals: readonly { readonly id: string; readonly address: string }[];
    };
    for (const signal of signals) ids.set(signal.address, signal.id);
  }
});

test("[DP25] [DP28] Line 4, the utilities and the warehouse come over Modbus, HTTP push and Sparkplug, their past first, and a killed server misses nothing", async () => {
  // Four shifts are recorded, before a weekend where one lies between.
  const began = Date.now() * 1_000;
  const past = began - 120 * HOUR;
  const total = "Line4.L4-060.Total";
  // What stands is sent once the whole past is. A line that has stood for an hour has no newer parts.
  const stands = "Line4.L4-R10.VendorState";
  await eventually(async () => (await samples(stands, began)).length > 0, "a state that has not changed");
  const before = await samples(total, past);
  expect(before.length).toBeGreaterThan(800);
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

  await running.at(-1)!.stop("SIGKILL");
  await new Promise((done) => setTimeout(done, 3_000));
  running.push(await serve());
  const back = Date.now() * 1_000;
  const all = await eventually(async () => {
    const made = await samples(stands, began).catch(() => []);
    return made.some(([, time]) => time > back) ? samples(total, past) : undefined;
  }, "Line 4 sends again");
  expect(all.length).toBeGreaterThanOrEqual(before.length);
  expect(all.slice(1).every(([value], i) => value - all[i]![0] === 1)).toBe(true);
});
