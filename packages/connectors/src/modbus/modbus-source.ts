import { isMessage, message, type Message } from "@doppelwerk/messages";
import { DraftCollector } from "../discovery/draft-collector.ts";
import type { BrowseResult } from "@doppelwerk/world";
import type { Connector } from "../host/connector.ts";
import { createPolledSource, type Poller } from "../samples/polled-source.ts";
import type { ValueIntake } from "../samples/value-intake.ts";
import type { ValueType } from "@doppelwerk/world";
import { connectModbus, ModbusException, type ModbusClient } from "./modbus-client.ts";
import { planReads, type BlockRead, type PlannedValue } from "./read-plan.ts";
import { formatRegisterAddress, parseRegisterAddress, type RegisterAddress, type RegisterType } from "./register-address.ts";
import { registerValue } from "./register-value.ts";
import { modbusSettings, type ModbusSettings } from "./settings.ts";

/** Modbus TCP client: reads only, in blocks, at an interval. A signal's address is `unit/table/address/type`. */
export const modbusConnector: Connector = {
  open(connection, signals, options) {
    const settings = modbusSettings.parse(connection.settings ?? {});
    const { host, port } = addressOf(connection.url);
    const values: PlannedValue[] = [];
    const refused: [number, Message][] = [];
    for (const [index, signal] of signals.entries()) {
      const address = parseRegisterAddress(signal.address ?? "", settings);
      if (isMessage(address)) refused.push([index, address]);
      else values.push({ index, address });
    }
    return createPolledSource({
      ...options,
      connection,
      signals,
      intervalS: settings.intervalS,
      async connect() {
        return createPoller(await connectModbus(host, port, settings.timeoutMs), values, refused, settings);
      },
    });
  },
  discover: (connection, _options) => describeRegisters(connection.url, modbusSettings.parse(connection.settings ?? {})),
};

/** Throws when the address is none. */
export function addressOf(url: string): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(url);
  if (hostname === "") throw new Error(`a Modbus address is modbus+tcp://host:port, not ${url}`);
  return { host: hostname.replace(/^\[|\]$/g, ""), port: port === "" ? 502 : Number(port) };
}

function createPoller(
  client: ModbusClient,
  values: readonly PlannedValue[],
  refused: readonly (readonly [number, Message])[],
  settings: ModbusSettings,
): Poller {
  let reads = planReads(values, settings);
  let first = true;
  return {
    async poll(intake) {
      if (first) for (const [index, why] of refused) intake.refused(index, why);
      first = false;
      const next: BlockRead[] = [];
      for (const read of reads) next.push(...(await readBlock(client, read, intake)));
      reads = next;
    },
    async close() {
      client.close();
    },
  };
}

/** Reads a block; returns how to ask next time: one that is refused whole is asked in halves, down to the values that are refused themselves. */
async function readBlock(client: ModbusClient, read: BlockRead, intake: ValueIntake): Promise<readonly BlockRead[]> {
  try {
    const bytes = await client.read(read.unitId, read.table, read.start, read.count);
    for (const { index, address } of read.values) intake.value(index, { raw: valueIn(read, address, bytes) });
    return [read];
  } catch (error) {
    if (!(error instanceof ModbusException)) throw error;
    const splits = (error.exception === 2 || error.exception === 3) && read.values.length > 1;
    if (!splits) {
      for (const { index } of read.values) intake.refused(index, error.reason);
      return [read];
    }
    const half = read.values.length >> 1;
    const parts = [read.values.slice(0, half), read.values.slice(half)];
    const next: BlockRead[] = [];
    for (const values of parts) next.push(...(await readBlock(client, blockOf(read, values), intake)));
    return next;
  }
}

function blockOf({ unitId, table }: BlockRead, values: readonly PlannedValue[]): BlockRead {
  const start = values[0]!.address.address;
  const end = Math.max(...values.map(({ address }) => address.address + address.length));
  return { unitId, table, start, count: end - start, values };
}

function valueIn(read: BlockRead, address: RegisterAddress, bytes: Buffer): ReturnType<typeof registerValue> {
  const offset = address.address - read.start;
  if (read.table === "coil" || read.table === "discrete") return ((bytes[offset >> 3]! >> (offset & 7)) & 1) === 1;
  return registerValue(address, bytes, offset * 2);
}

const VALUE_TYPES: Readonly<Record<RegisterType, ValueType>> = {
  bool: "boolean",
  int16: "integer",
  uint16: "integer",
  int32: "integer",
  uint32: "integer",
  int64: "integer",
  uint64: "integer",
  float32: "double",
  float64: "double",
  string: "string",
};

/** Modbus has no names: the register map is what there is. Each line is tried once, so that a wrong map is seen before it is taken. */
async function describeRegisters(url: string, settings: ModbusSettings): Promise<BrowseResult> {
  const { host, port } = addressOf(url);
  const collector = new DraftCollector(50_000);
  const client = await connectModbus(host, port, settings.timeoutMs);
  try {
    if ((settings.registers ?? []).length === 0) collector.remark(message("connectors.modbusHasNoNames"));
    for (const line of settings.registers ?? []) {
      const address = formatRegisterAddress(line, settings);
      const parsed = parseRegisterAddress(address, settings);
      if (isMessage(parsed)) {
        collector.skip(message("connectors.ofName", { name: line.name, reason: parsed }));
        continue;
      }
      const example = await tried(client, parsed, collector, line.name);
      const scaled = line.scale !== undefined && !Number.isInteger(line.scale) ? "double" : VALUE_TYPES[line.type];
      const { unit, scale, role, deadband } = line;
      collector.add({
        name: line.name,
        path: [line.name],
        address,
        valueType: scaled,
        unit,
        scale,
        role,
        deadband,
        ...(example === undefined ? {} : { example }),
      });
    }
  } finally {
    client.close();
  }
  return collector.result(url);
}

async function tried(client: ModbusClient, address: RegisterAddress, collector: DraftCollector, name: string): Promise<string | undefined> {
  try {
    const bytes = await client.read(address.unitId, address.table, address.address, address.length);
    const block: BlockRead = { unitId: address.unitId, table: address.table, start: address.address, count: address.length, values: [] };
    return String(valueIn(block, address, bytes));
  } catch (error) {
    if (!(error instanceof ModbusException)) throw error;
    collector.remark(message("connectors.ofName", { name, reason: error.reason }));
    return undefined;
  }
}
