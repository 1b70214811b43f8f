import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually, freePort, startProgram, startServer, type Program } from "./running-site.ts";

// The programs beside the demo plant, and a server that is connected with them over HTTP, MQTT, files and push as an installer would.

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-factory-"));
const running: Program[] = [];
afterAll(async () => {
  for (const program of running.toReversed()) await program.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Connection {
  readonly id: string;
  readonly name: string;
  readonly protocol: string;
  readonly state: string;
}

let url: string;
let plant: Program;
let server: Program;
let serve: () => Promise<Program>;
const factory = () => plant.ready["factory"] as Readonly<Record<string, string>>;
const json = async <T>(address: string): Promise<T> => (await fetch(address)).json() as Promise<T>;
const get = <T>(path: string) => json<T>(`${url}/api/doppelwerk/v1/${path}`);
const present = () =>
  eventually(
    async () => ((await json<{ readonly status: string }>(`${factory()["erp"]}/health`)).status === "present" ? true : undefined),
    "the past of the factory",
  );

beforeAll(async () => {
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  plant = await startProgram("examples/demo-plant/src/main.ts", [
    "--json",
    "--minimal",
    "--site",
    "--factory",
    "--data",
    join(folder, "plant"),
    "--push",
    url,
  ]);
  running.push(plant);
  serve = () =>
    startServer(join(folder, "data"), [
      "--port",
      String(port),
      "--import",
      String(plant.ready["engineeringFile"]),
      "--files",
      join(folder, "plant", "factory", "drop"),
      "--demo",
    ]);
  server = await serve();
  running.push(server);
  await present();
}, 240_000);

/** Values of a signal as the record has them: [time µs, text], ascending. */
async function samples(connection: string, address: string): Promise<readonly (readonly [time: number, value: string])[]> {
  const { signals } = await get<{ readonly signals: readonly { readonly id: string; readonly address: string }[] }>(
    `connections/${encodeURIComponent(connection)}/signals?limit=1000`,
  );
  const signal = signals.find((each) => each.address === address);
  if (signal === undefined) return [];
  const from = (Date.now() - 6 * 86_400_000) * 1_000;
  const csv = await (
    await fetch(`${url}/api/doppelwerk/v1/export/samples?signals=${encodeURIComponent(signal.id)}&from=${from}&to=${Date.now() * 1_000}`)
  ).text();
  const [head = "", ...lines] = csv.trim().split("\r\n");
  const columns = head.split(",");
  const [value, text, time, quality] = ["value", "text", "time", "quality"].map((name) => columns.indexOf(name)) as [
    number,
    number,
    number,
    number,
  ];
  return lines
    .map((line) => line.split(","))
    .filter((cells) => cells[quality] === "good")
    .map((cells) => [Date.parse(cells[time]!) * 1_000, cells[value]! || cells[text]!]);
}

const connected = new Map<string, string>();

test("[E181] [DP63] each program of the factory is connected by itself: orders, people and tariff over HTTP, scanners and benches by push, scanners, meters and tools over MQTT, stock by CSV files", async () => {
  const names = [
    "ERP",
    "Scanners of Line 4",
    "Tightening benches",
    "People present",
    "Stock of the stores",
    "Attendance of the roster",
    "Energy tariff",
    "Scanners, meters and tools",
  ];
  const all = await eventually(async () => {
    const found = (await get<readonly Connection[]>("connections")).filter(({ name }) => names.includes(name));
    return found.length === names.length && found.every(({ state }) => state === "connected") ? found : undefined;
  }, "eight connections");
  expect(all.map(({ protocol }) => protocol).toSorted()).toEqual(["csv", "csv", "http", "http", "http", "mqtt", "push", "push"]);
  for (const { name, id } of all) connected.set(name, id);
  const figures = await eventually(async () => {
    const found = await samples(connected.get("ERP")!, "#/OpenOrders");
    return found.length > 0 ? found : undefined;
  }, "open orders");
  const { OpenOrders } = await json<{ readonly OpenOrders: number }>(`${factory()["erp"]}/figures`);
  expect(Math.abs(Number(figures.at(-1)![1]) - OpenOrders)).toBeLessThanOrEqual(3);
  for (const [name, address] of [
    ["People present", "#/Line4/Present"],
    ["Energy tariff", "#/PricePerKWh"],
    ["Stock of the stores", "OnHand.DRUM"],
    ["Scanners, meters and tools", "factory/tools/L4-030-ELECTRODE/Count#/value"],
    ["Scanners, meters and tools", "factory/energy/EM-MAIN/Total#/value"],
  ] as const)
    await eventually(async () => ((await samples(connected.get(name)!, address)).length > 0 ? true : undefined), `${name} ${address}`);
});

interface KnownKpis {
  readonly indicators: readonly {
    readonly id: string;
    readonly value?: number;
    readonly unknown: readonly { readonly name?: string }[];
    readonly inputs: readonly { readonly name: string; readonly value?: number }[];
  }[];
}

test("[E197] [personnel PE4] the roster of the factory is followed by itself: shifts with their people, required skills with gaps, tasks with their load", async () => {
  const source = await eventually(async () => {
    const [found] = await get<readonly { readonly state: string; readonly refused: number }[]>("roster-sources");
    return found?.state === "connected" ? found : undefined;
  }, "the files of the roster");
  expect(source.refused).toBe(0);
  const { shifts } = await get<{ readonly shifts: readonly { readonly people: number }[] }>("personnel/roster?days=7");
  expect(Math.max(...shifts.map(({ people }) => people))).toBeGreaterThan(20);
  const { skills, rows } = await get<{
    readonly skills: readonly { readonly stations: readonly string[] }[];
    readonly rows: readonly object[];
  }>("personnel/skills");
  expect(rows).toHaveLength(60);
  expect(skills.filter(({ stations }) => stations.length > 0).length).toBeGreaterThan(10);
  const { tasks } = await get<{ readonly tasks: readonly object[] }>("personnel/workload");
  expect(tasks).toHaveLength(8);
});

test("[E193] of the 34 KPIs of ISO 22400-2 at least 28 are known at a level of a line or station of the factory, and the others name what is missing", async () => {
  const known = new Set<string>();
  const missing = new Map<string, readonly (string | undefined)[]>();
  await eventually(async () => {
    const { lines } = await get<{
      readonly lines: readonly { readonly id: string; readonly stations: readonly { readonly id: string }[] }[];
    }>("lines");
    const to = Date.now() * 1_000;
    for (const line of lines)
      for (const station of [undefined, ...line.stations.map(({ id }) => id)]) {
        const path = `indicators?from=${to - 86_400_000_000}&to=${to}&line=${line.id}${station === undefined ? "" : `&station=${station}`}`;
        for (const { id, value, unknown } of (await get<KnownKpis>(path)).indicators)
          if (value === undefined)
            missing.set(
              id,
              unknown.map(({ name }) => name),
            );
          else known.add(id);
      }
    return known.size >= 28 ? true : undefined;
  }, "28 KPIs of the factory");
  for (const [id, names] of missing) if (!known.has(id)) expect(names.length, id).toBeGreaterThan(0);
  expect(known.size + [...missing.keys()].filter((id) => !known.has(id)).length).toBe(34);
}, 240_000);

test("[E203] [KP26] the page of a whole line knows at least 28 of the 34 KPIs over a day, each with inputs that have values; every other one names what is missing", async () => {
  const indicators = await eventually(async () => {
    const to = Date.now() * 1_000;
    const found = (await get<KnownKpis>(`indicators?from=${to - 86_400_000_000}&to=${to}&line=Line4`)).indicators;
    return found.filter(({ value }) => value !== undefined).length >= 28 ? found : undefined;
  }, "28 KPIs of Line 4");
  expect(indicators).toHaveLength(34);
  for (const { id, value, unknown, inputs } of indicators)
    if (value === undefined) expect(unknown.length, id).toBeGreaterThan(0);
    else expect(inputs.length > 0 && inputs.every((input) => input.value !== undefined), id).toBe(true);
}, 240_000);

interface UsedEnergy {
  readonly unit: string;
  readonly isSimulated: boolean;
  readonly places: readonly {
    readonly place: string;
    readonly kind: string;
    readonly amount?: number;
    readonly known: number;
    readonly allocated?: number;
    readonly unallocated?: number;
    readonly groups?: Readonly<Record<string, number>>;
  }[];
}

test("[E202] the meters of the factory: stations by state add up to their meters, what is unallocated is shown, quarter hours have a load, and carbon weighs by the intensity that the factory sends", async () => {
  const put = async (path: string, body: object) => {
    const answer = await fetch(`${url}/api/doppelwerk/v1/${path}`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    expect(answer.status, await answer.clone().text()).toBe(200);
  };
  const { lines } = await get<{ readonly lines: readonly { readonly id: string; readonly shell: string }[] }>("lines");
  const line = lines[0]!.id;
  const span = () => {
    const to = Math.floor(Date.now() / 60_000) * 60_000_000;
    return `from=${to - 12 * 3_600_000_000}&to=${to}`;
  };
  const use = await eventually(async () => {
    const found = await get<UsedEnergy>(`energy-use?line=${line}&${span()}`);
    return found.places.filter(({ kind, groups }) => kind === "station" && groups !== undefined).length >= 3 ? found : undefined;
  }, "energy of stations by state");
  expect(use).toMatchObject({ unit: "kWh", isSimulated: true });
  for (const { place, known, groups } of use.places)
    if (groups !== undefined) {
      const sum = Object.values(groups).reduce((all, each) => all + each, 0);
      expect(Math.abs(sum - known), place).toBeLessThanOrEqual(0.01 * Math.max(known, 1e-6));
    }
  for (const { place, amount, allocated, unallocated } of use.places)
    if (amount !== undefined && allocated !== undefined && unallocated !== undefined)
      expect(Math.abs(allocated + unallocated - amount), place).toBeLessThanOrEqual(1e-6 * Math.max(1, amount));
  const load = await get<{ readonly quarters: readonly { readonly kW?: number }[]; readonly peaks: readonly object[] }>(
    `energy-load?${span()}`,
  );
  expect(load.quarters.filter(({ kW }) => kW !== undefined && kW >= 0).length).toBeGreaterThan(0);
  expect(load.peaks.length).toBeGreaterThan(0);
  const { signals } = await get<{ readonly signals: readonly { readonly id: string; readonly address: string }[] }>(
    `connections/${encodeURIComponent(connected.get("Energy tariff")!)}/signals?limit=1000`,
  );
  const intensity = signals.find(({ address }) => address === "#/CarbonIntensity")!.id;
  await put("carbon-grid", { fields: { zone: "FACTORY", signal: intensity, source: "metering service of the factory" } });
  await eventually(async () => {
    const found = await get<{ readonly unknownShare: number; readonly total: { readonly kg: number } }>(`carbon-footprints?${span()}`);
    return found.total.kg > 0 && found.unknownShare < 1 ? found : undefined;
  }, "carbon of an hour with an intensity");
}, 240_000);

interface Scan {
  readonly seq: number;
  readonly scanned: string;
  readonly station: string;
  readonly kind: string;
  readonly serial?: string;
}

async function scansOf(station: string): Promise<readonly Scan[]> {
  const found: Scan[] = [];
  for (let after = 0; ;) {
    const page = await json<readonly Scan[]>(`${factory()["scanners"]}/scans?after=${after}&limit=5000`);
    if (page.length === 0) return found.filter((scan) => scan.station === station && scan.kind === "serial");
    found.push(...page);
    after = page.at(-1)!.seq;
  }
}

test("[E182] [DP63] a factory that is killed is started again by the plant, a server that was killed meanwhile misses no scan, and none is there twice", async () => {
  const before = await scansOf("L4-070");
  expect(before.length).toBeGreaterThan(500);
  const pid = factoryPid();
  process.kill(pid, "SIGKILL");
  await server.stop("SIGKILL");
  running.splice(running.indexOf(server), 1);
  await eventually(async () => (factoryPid() === pid ? undefined : true), "another process");
  await present();
  server = await serve();
  running.push(server);
  const after = await scansOf("L4-070");
  expect(after.slice(0, before.length)).toEqual(before);
  await eventually(async () => {
    const recorded = await samples(connected.get("Scanners of Line 4")!, "SC-L4-070.Serial");
    const wanted = (await scansOf("L4-070")).map(({ scanned, serial }) => `${Date.parse(scanned) * 1_000} ${serial}`);
    const there = new Set(recorded.map(([time, serial]) => `${time} ${serial}`));
    const missing = wanted.filter((each) => !there.has(each));
    return missing.length === 0 && recorded.length === new Set(wanted).size ? true : undefined;
  }, "all scans");
});

/** Of the child of the plant that runs the factory. */
function factoryPid(): number {
  const children = readFileSync(`/proc/${plant.child.pid}/task/${plant.child.pid}/children`, "utf8").trim().split(" ");
  const found = children.find((pid) => pid !== "" && commandOf(pid).includes("factory/main.ts"));
  return Number(found ?? 0);
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    // ended since its name was read
    return "";
  }
}

test("[E183] [DP63] the factory takes less than 150 MB and less than 5 % of a core beside the plant", async () => {
  const pid = await eventually(async () => factoryPid() || undefined, "the factory");
  await present();
  await sleep(3_000);
  const ticks = () => {
    const cells = readFileSync(`/proc/${pid}/stat`, "utf8").split(" ");
    return Number(cells[13]) + Number(cells[14]);
  };
  const [began, at] = [ticks(), Date.now()];
  await sleep(12_000);
  const share = (ticks() - began) / 100 / ((Date.now() - at) / 1_000);
  const resident = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]) / 1_024;
  expect(resident).toBeLessThan(150);
  expect(share).toBeLessThan(0.05);
});
