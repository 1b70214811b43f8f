import { isMessage, message, type Message } from "@doppelwerk/messages";
import { DraftCollector } from "../discovery/draft-collector.ts";
import type { BrowseResult } from "@doppelwerk/world";
import type { Connector } from "../host/connector.ts";
import { createPolledSource, type Poller } from "../samples/polled-source.ts";
import type { ValueIntake } from "../samples/value-intake.ts";
import { planReads, rangeOf, type PlannedRange, type PlannedValue } from "./read-plan.ts";
import { formatS7Address, parseS7Address } from "./s7-address.ts";
import { BEYOND, connectS7, NO_BLOCK, payloadBytes, S7Fault, type S7Client, type S7ClientOptions } from "./s7-client.ts";
import { s7Value, VALUE_TYPES } from "./s7-value.ts";
import { s7Settings, type S7Settings } from "./settings.ts";

/** Plain S7 communication with a Siemens PLC: reads only, in blocks, at an interval. A signal's address is absolute: `DB1.DBD4:REAL`. */
export const s7Connector: Connector = {
  open(connection, signals, options) {
    const settings = s7Settings.parse(connection.settings ?? {});
    const target = targetOf(connection.url, settings);
    const values: PlannedValue[] = [];
    const refused: [number, Message][] = [];
    for (const [index, signal] of signals.entries()) {
      const address = parseS7Address(signal.address ?? "");
      if (isMessage(address)) refused.push([index, address]);
      else values.push({ index, address });
    }
    return createPolledSource({
      ...options,
      connection,
      signals,
      intervalS: settings.intervalS,
      async connect(stop) {
        return createPoller(await connectS7(target, stop), values, refused, settings);
      },
    });
  },
  discover: (connection, _options) => describeSymbols(connection.url, s7Settings.parse(connection.settings ?? {})),
};

const CONNECTION_TYPES = { pg: 1, op: 2, basic: 3 } as const;

/** `s7://host:port?rack=0&slot=1`. Throws with one clear line when the address is none. */
export function targetOf(url: string, settings: S7Settings): S7ClientOptions {
  const { hostname, port, searchParams, pathname } = new URL(url);
  const number = (name: string, otherwise: number, most: number): number => {
    const text = searchParams.get(name);
    if (text === null) return otherwise;
    const value = Number(text);
    if (!/^\d+$/.test(text) || value > most) throw new Error(`the ${name} is 0 to ${most}, not ${text.slice(0, 50)}: ${url}`);
    return value;
  };
  for (const name of searchParams.keys())
    if (name !== "rack" && name !== "slot") throw new Error(`an S7 address has rack and slot, not ${name.slice(0, 50)}: ${url}`);
  if (hostname === "" || pathname.length > 1) throw new Error(`an S7 address is s7://host:port?rack=0&slot=1, not ${url}`);
  const rack = number("rack", 0, 7);
  const slot = number("slot", 1, 31);
  return {
    host: hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? 102 : Number(port),
    localTsap: settings.localTsap === undefined ? 0x0100 : tsapOf(settings.localTsap),
    remoteTsap:
      settings.remoteTsap === undefined
        ? (CONNECTION_TYPES[settings.connectionType] << 8) | (rack << 5) | slot
        : tsapOf(settings.remoteTsap),
    timeoutMs: settings.timeoutMs,
    pduBytes: settings.pduBytes,
    maxItems: settings.maxItems,
  };
}

const tsapOf = (text: string): number => Number.parseInt(text.replace(".", ""), 16);

function createPoller(
  client: S7Client,
  values: readonly PlannedValue[],
  refused: readonly (readonly [number, Message])[],
  settings: S7Settings,
): Poller {
  let ranges: readonly PlannedRange[] = planReads(values, payloadBytes(client.pduBytes), settings.maxGapBytes);
  let first = true;
  return {
    async poll(intake) {
      if (first) for (const [index, why] of refused) intake.refused(index, why);
      first = false;
      // an empty question would not show that the PLC is gone
      if (ranges.length === 0) await client.read([{ area: "M", db: 0, start: 0, length: 1 }]);
      ranges = await readAll(client, ranges, intake);
    },
    async close() {
      client.close();
    },
  };
}

/** Returns what to ask next time: a range that is refused whole is asked in halves, down to the values that are refused themselves. */
async function readAll(client: S7Client, ranges: readonly PlannedRange[], intake: ValueIntake): Promise<readonly PlannedRange[]> {
  const next: PlannedRange[] = [];
  let waiting = ranges;
  while (waiting.length > 0) {
    const answers = await client.read(waiting);
    const halves: PlannedRange[] = [];
    for (const [n, range] of waiting.entries()) {
      const answer = answers[n]!;
      if (!(answer instanceof S7Fault)) {
        for (const { index, address } of range.values) intake.value(index, { raw: s7Value(address, answer, address.byte - range.start) });
        next.push(range);
      } else if (answer.fault === BEYOND && range.values.length > 1) {
        const half = range.values.length >> 1;
        halves.push(rangeOf(range.values.slice(0, half)), rangeOf(range.values.slice(half)));
      } else {
        for (const { index } of range.values) intake.refused(index, answer.reason);
        next.push(range);
      }
    }
    waiting = halves;
  }
  return next;
}

/** S7 communication has no names: the symbol table is the proposal, and each of its lines is tried once. */
async function describeSymbols(url: string, settings: S7Settings): Promise<BrowseResult> {
  const collector = new DraftCollector(50_000);
  const client = await connectS7(targetOf(url, settings));
  try {
    const symbols = settings.symbols ?? [];
    if (symbols.length === 0) collector.remark(message("connectors.s7HasNoNames"));
    const addresses = symbols.flatMap(({ address }) => {
      const parsed = parseS7Address(address);
      return isMessage(parsed) ? [] : [parsed];
    });
    const answers = await client.read(addresses.map(({ area, db, byte, length }) => ({ area, db, start: byte, length })));
    for (const [n, { name, unit, scale, role, deadband }] of symbols.entries()) {
      const address = addresses[n]!;
      const answer = answers[n]!;
      const known = VALUE_TYPES[address.type];
      const scaled = known === "integer" && scale !== undefined && !Number.isInteger(scale) ? "double" : known;
      if (answer instanceof S7Fault) collector.remark(message("connectors.ofName", { name, reason: answer.reason }));
      const raw = answer instanceof S7Fault ? undefined : s7Value(address, answer, 0);
      collector.add({
        name,
        path: [name],
        address: formatS7Address(address),
        valueType: scaled,
        unit,
        scale,
        role,
        deadband,
        ...(raw === undefined ? {} : { example: String(raw).slice(0, 80) }),
      });
    }
    if (answersWithCode(answers, NO_BLOCK) > 0) collector.remark(message("connectors.s7BlockNotReadable"));
  } finally {
    client.close();
  }
  return collector.result(url);
}

function answersWithCode(answers: readonly (Buffer | S7Fault)[], code: number): number {
  return answers.filter((answer) => answer instanceof S7Fault && answer.fault === code).length;
}
