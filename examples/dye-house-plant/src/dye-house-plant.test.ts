import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AttributeIds, HistoryData, OPCUAClient } from "node-opcua";
import { readAasx } from "@doppelwerk/aas";
import { afterAll, expect, test } from "vitest";
import { dyeHouseEnvironment, writeEngineeringFile } from "./engineering-file/dye-house-file.ts";
import { stateSignalOf } from "./engineering-file/station-states.ts";
import { plantSignals } from "./signals.ts";
import { startKitchenBus } from "./sockets/kitchen-bus.ts";
import { startMachineServer } from "./sockets/opcua-server.ts";
import { DyeHouse } from "./truth/dye-house.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-dye-house-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const START = Date.UTC(2026, 10, 23) * 1_000;
const DAY = 86_400_000_000;

function houseAfter(days: number, seed = 3): DyeHouse {
  const house = new DyeHouse(seed, START);
  house.advanceTo(START + days * DAY);
  return house;
}

test("[DH30] the same seed makes the same past, in one go or in steps, and batches are as the README says", () => {
  const house = houseAfter(3);
  const again = new DyeHouse(3, START);
  for (let hour = 1; hour <= 72; hour++) again.advanceTo(START + (hour * DAY) / 24);
  expect(again.batches).toEqual(house.batches);
  expect([...again.archive.tracks.values()].map(({ values }) => values.length)).toEqual(
    [...house.archive.tracks.values()].map(({ values }) => values.length),
  );
  expect(house.batches.length).toBeGreaterThan(30);
  for (const { recipe, waterL, steamKg, loadKg, from, to, additions } of house.batches) {
    const [least, most] = recipe === "PD130" ? [25, 30] : [68, 90];
    expect(waterL / loadKg).toBeGreaterThan(least!);
    expect(waterL / loadKg).toBeLessThan(most!);
    expect(steamKg / loadKg).toBeGreaterThan(2);
    expect(steamKg / loadKg).toBeLessThan(6);
    expect((to - from) / 3.6e9).toBeLessThan(8 + 1.5 * additions);
  }
});

test("[DH31] heating takes longer while others heat, and shades go wrong with hard water", () => {
  const house = houseAfter(8);
  const minutes = house.batches.filter(({ machine, additions }) => machine === "JET1" && additions === 0);
  const scours = minutes.filter(({ recipe }) => recipe === "RC60-DARK").map(({ phases }) => (phases[2]!.to - phases[2]!.from) / 60e6);
  expect(Math.max(...scours) - Math.min(...scours)).toBeGreaterThan(5);
  const off = Map.groupBy(house.batches, ({ phases }) => {
    const sample = phases.find(({ run }) => run === "sample")!;
    return ((sample.to - START) / 3.6e9) % 30 > 23 ? "hard" : "soft";
  });
  const share = (batches: typeof house.batches = []) => batches.filter(({ additions }) => additions > 0).length / batches.length;
  expect(share(off.get("hard"))).toBeGreaterThan(1.8 * share(off.get("soft")));
});

test("[DH33] without steam what heats falls behind its setpoint, and the past before is the same", () => {
  const lost = START + DAY;
  const house = new DyeHouse(3, START, lost);
  house.advanceTo(lost + DAY / 8);
  const before = houseAfter(1);
  const told = (one: DyeHouse, name: string) => {
    const { times, values } = one.archive.tracks.get(name)!;
    return times.flatMap((at, row) => (at < lost ? [[at, values[row]]] : []));
  };
  expect(told(house, "JET1.Temperature")).toEqual(told(before, "JET1.Temperature"));
  const behind = ["JET1", "JET2", "JET3"].map(
    (jet) => Number(house.archive.last(`${jet}.Setpoint`)) - Number(house.archive.last(`${jet}.Temperature`)),
  );
  expect(Math.max(...behind)).toBeGreaterThan(10);
  expect(house.archive.last("BOILER.SteamPressure")).toBe(0);
});

test("[DH32] machines answer over OPC UA with their history, tanks over Modbus, and the file names every signal", async () => {
  const { archive } = houseAfter(1);
  const machines = await startMachineServer(archive, folder, 0);
  const bus = await startKitchenBus(archive, 0);
  const client = OPCUAClient.create({ endpointMustExist: false });
  try {
    await client.connect(machines.url);
    const session = await client.createSession();
    const index = (await session.readNamespaceArray()).indexOf("urn:dye-house-plant");
    const nodeId = `ns=${index};s=JET1.Temperature`;
    const { value } = await session.read({ nodeId, attributeId: AttributeIds.Value });
    const track = archive.tracks.get("JET1.Temperature")!;
    expect(value.value).toBe(track.values.at(-1));
    const read = await session.readHistoryValue(nodeId, new Date(START / 1_000), new Date((START + DAY) / 1_000));
    expect((read.historyData as HistoryData).dataValues!.map((one) => one.value.value)).toEqual(track.values.slice(0, 5_000));
    await session.close();
    expect(await registersOf(Number(new URL(bus.url).port), 1)).toBeCloseTo(Number(archive.last("SALT.Level")), 0);
  } finally {
    await client.disconnect();
    await Promise.all([machines.close(), bus.close()]);
  }
  const endpoints = { opcua: machines.url, modbus: bus.url };
  const { environment } = await readAasx(readFileSync(writeEngineeringFile(folder, endpoints)));
  expect(environment).toMatchObject({ submodels: { length: dyeHouseEnvironment(endpoints).submodels!.length } });
  const text = JSON.stringify(environment);
  for (const { address } of plantSignals)
    expect(text).toContain(address.kind === "opcua" ? address.nodeId : `/${address.unit}/${address.register}?`);
});

test("[DH34] every station of the line has a state for each value that the plant sends where its state is read", () => {
  const { archive } = houseAfter(3);
  const { submodels } = dyeHouseEnvironment({ opcua: "opc.tcp://x", modbus: "modbus+tcp://x" }, true);
  for (const station of ["JET1", "JET2", "JET3", "JET4", "WASH1", "STENTER1"]) {
    const read = stateSignalOf(station)!.address;
    const shown = plantSignals.find(({ address }) => JSON.stringify(address) === JSON.stringify(read))!;
    const mapping = submodels!.find(({ id }) => id.endsWith(`:${station}:StateMapping`));
    const words = JSON.stringify(mapping).matchAll(
      /"Word","valueType":"xs:string","value":"(\d+)".*?"State","valueType":"xs:string","value":"(\w+)"/g,
    );
    const states = new Map([...words].map(([, word, state]) => [Number(word), state]));
    const sent = new Set(archive.tracks.get(shown.name)!.values);
    const lots = archive.tracks.get(`${station}.BatchId`)!.values;
    expect(lots.length).toBeGreaterThan(4);
    expect(
      [...sent].filter((value) => states.get(Number(value)) === undefined),
      station,
    ).toEqual([]);
    expect(new Set([...sent].map((value) => states.get(Number(value)))), station).toEqual(new Set(["idle", "working"]));
  }
  expect(stateSignalOf("SALT")).toBeUndefined();
});

/** The float in the first two input registers of a unit. */
function registersOf(port: number, unit: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(Buffer.from([0, 1, 0, 0, 0, 6, unit, 4, 0, 0, 0, 2])));
    socket.once("data", (bytes: Buffer) => {
      resolve(bytes.readFloatBE(9));
      socket.end();
    });
    socket.once("error", reject);
  });
}
