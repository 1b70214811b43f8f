import { join } from "node:path";
import type { Destination, SentValue } from "../kit/destination.ts";
import { pageOf, type Route } from "../kit/http-service.ts";
import { MINUTE } from "../kit/local-time.ts";
import { Outbox } from "../kit/outbox.ts";
import type { PlantConnection } from "../kit/plant-connection.ts";
import type { FactoryProgram, ProgramContext, ProgramKind } from "../kit/program.ts";
import { materials } from "../../site/warehouse/warehouse-table.ts";
import { Scans, type Scan } from "./scans.ts";

/** Hand scanners of both lines: those of Line 3 publish, those of Line 4 are pushed by their base station. */
export const scanners: ProgramKind = { name: "scanners", begin: (context) => new Scanners(context) };

const line3Reads: readonly (readonly [station: string, kind: Scan["kind"]])[] = [
  ["S110", "serial"],
  ["S130", "serial"],
  ["R10", "serial"],
];
const line4Reads: readonly (readonly [station: string, kind: Scan["kind"]])[] = [
  ["L4-070", "serial"],
  ["L4-R10", "serial"],
];
/** Who subscribes for the first time hears what was scanned within this time. */
const HEARD = 30 * MINUTE;

class Scanners implements FactoryProgram {
  readonly #scans: Scans;
  readonly #outbox: Outbox<Scan>;
  readonly routes: readonly Route[];
  readonly destinations: readonly Destination[];
  readonly connections: readonly PlantConnection[];
  #settled = 0;

  constructor({ header, local, folder }: ProgramContext) {
    this.#outbox = new Outbox(join(folder, "scans.ndjson"));
    this.#scans = new Scans(header, local, (scan) => void this.#outbox.say(scan));
    this.routes = [
      {
        method: "GET",
        path: "/scans",
        answer: (asked) => {
          const { after, limit } = pageOf(asked);
          return this.#outbox.after(after, limit);
        },
      },
    ];
    this.destinations = [
      { name: "scanners-line-3", by: "mqtt", pending: (after, most) => this.#pending(after, most, (scan) => this.#published(scan)) },
      { name: "scanners-line-4", by: "push", pending: (after, most) => this.#pending(after, most, pushed) },
    ];
    this.connections = [
      { name: "Scanners of Line 4", protocol: "push", url: "push:scanners-line-4", settings: { signals: line4Signals() } },
    ];
  }

  take(record: Parameters<FactoryProgram["take"]>[0]): void {
    this.#scans.take(record);
  }

  settle(ms: number): void {
    this.#settled = ms;
    this.#scans.settle(ms);
  }

  flush(): void {
    this.#outbox.flush();
  }

  #pending(after: number, most: number, values: (scan: Scan) => readonly SentValue[]) {
    return this.#outbox.after(after, most).map((scan) => ({ seq: scan.seq, values: values(scan) }));
  }

  #published(scan: Scan): readonly SentValue[] {
    if (scan.station.startsWith("L4-") || Date.parse(scan.time) < this.#settled - HEARD) return [];
    return valuesOf(scan).map(({ address, ...rest }) => ({ address: `factory/scanners/${address.replace(".", "/")}`, ...rest }));
  }
}

function pushed(scan: Scan): readonly SentValue[] {
  return scan.station.startsWith("L4-") ? valuesOf(scan) : [];
}

/** One scanner, one value a kind: the lot of a material that is open at a station, or the serial that was read. */
function valuesOf({ scanner, kind, material, lot = "", serial = "", scanned }: Scan): readonly SentValue[] {
  const ms = Date.parse(scanned);
  return kind === "lot"
    ? [{ address: `${scanner}.Lot_${material}`, value: lot, ms }]
    : [{ address: `${scanner}.Serial`, value: serial, ms }];
}

function line4Signals() {
  return [
    ...materials
      .filter(({ usedAt }) => usedAt.startsWith("L4-"))
      .map(({ id, usedAt }) => ({ address: `SC-${usedAt}.Lot_${id}`, name: `Lot ${id} at ${usedAt}`, valueType: "string", role: "Lot" })),
    ...line4Reads.map(([station]) => ({
      address: `SC-${station}.Serial`,
      name: `Serial read at ${station}`,
      valueType: "string",
      role: "SerialRead",
    })),
  ];
}

/** Topics that Line 3's scanners publish. */
export const scannerTopics: readonly string[] = [
  ...materials.filter(({ usedAt }) => !usedAt.startsWith("L4-")).map(({ id, usedAt }) => `factory/scanners/SC-${usedAt}/Lot_${id}`),
  ...line3Reads.map(([station]) => `factory/scanners/SC-${station}/Serial`),
];
