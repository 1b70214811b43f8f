import { once } from "node:events";
import { connect, Socket } from "node:net";
import { client as modbus } from "jsmodbus";
import { afterEach, expect, test } from "vitest";
import { MINUTE } from "@doppelwerk/world";
import { signalsByName } from "../../signals/signal-list.ts";
import { signalsOf } from "../site-signals.ts";
import { startLine4Bus, type Line4Bus } from "./line-4-bus.ts";

const named = signalsByName(signalsOf({ minimal: false, site: true }));
const stops: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

/** Not within the two seconds in which one controller is busy. */
let now = 3 * MINUTE;

async function open(): Promise<{ readonly bus: Line4Bus; readonly device: (unit: number) => Promise<InstanceType<typeof modbus.TCP>> }> {
  now = 3 * MINUTE;
  const bus = await startLine4Bus({ port: 0, now: () => now });
  stops.push(() => bus.close());
  return {
    bus,
    async device(unit) {
      // The client wants to see its socket connect.
      const socket = new Socket();
      const client = new modbus.TCP(socket, unit);
      socket.connect(bus.gateway.port, "127.0.0.1");
      await once(socket, "connect");
      stops.push(() => void socket.destroy());
      return client;
    },
  };
}

const show = (bus: Line4Bus, name: string, value: number) => bus.show(named.get(name)!, value);

test("[DP24] a client by another hand reads integers, scaled values, floats in both orders of words, and bits", async () => {
  const { bus, device } = await open();
  show(bus, "Line4.L4-070.AirPressure", 6.48);
  show(bus, "Line4.L4-070.Energy", 81_234.56);
  show(bus, "Line4.L4-070.AirOk", 1);
  show(bus, "Line4.L4-050.AirPressure", 6.25);
  show(bus, "Line4.L4-020.Vacuum", 0.5);
  const packing = await device(8);
  const words = (await packing.readInputRegisters(0, 24)).response.body.valuesAsBuffer;
  expect(words.readInt16BE(20 * 2)).toBe(648);
  expect(words.readUInt32BE(2 * 2)).toBe(8_123_456);
  expect((await packing.readDiscreteInputs(0, 2)).response.body.valuesAsArray.slice(0, 2)).toEqual([1, 0]);
  const swapped = (await (await device(5)).readInputRegisters(20, 2)).response.body.valuesAsBuffer;
  expect(Buffer.concat([swapped.subarray(2), swapped.subarray(0, 2)]).readFloatBE(0)).toBe(6.25);
  const straight = (await (await device(2)).readInputRegisters(20, 2)).response.body.valuesAsBuffer;
  expect(straight.readFloatBE(0)).toBe(0.5);
});

test("[DP24] exceptions: no such device, a busy controller, registers that are not there, functions that are not offered, a bus that is down", async () => {
  const { bus, device } = await open();
  const code = async (asked: Promise<unknown>): Promise<number> => {
    const error = (await asked.then(
      () => ({}),
      (reason: unknown) => reason,
    )) as { readonly response?: { readonly body?: { readonly code?: number } } };
    return error.response?.body?.code ?? 0;
  };
  expect(await code((await device(77)).readInputRegisters(0, 1))).toBe(11);
  const charge = await device(2);
  now = 4 * MINUTE;
  expect(await code(charge.readInputRegisters(0, 1))).toBe(6);
  now = 5 * MINUTE;
  expect(await code(charge.readInputRegisters(0, 1))).toBe(0);
  show(bus, "Line4.L4-R10.BenchesOccupied", 1);
  const rework = await device(7);
  expect(await code(rework.readInputRegisters(38, 3))).toBe(2);
  expect(await code(rework.readInputRegisters(40, 1))).toBe(0);
  expect(await code(charge.readHoldingRegisters(0, 1))).toBe(1);
  bus.setFailed(true);
  expect(await code(charge.readInputRegisters(0, 1))).toBe(11);
});

test("[DP24] bytes that are no Modbus close the connection and nobody else's", async () => {
  const { bus, device } = await open();
  const other = await device(1);
  const socket = connect(bus.gateway.port, "127.0.0.1");
  await once(socket, "connect");
  socket.write("GET / HTTP/1.1\r\n\r\n");
  await once(socket, "close");
  expect((await other.readInputRegisters(0, 1)).response.body.valuesAsArray).toHaveLength(1);
});
