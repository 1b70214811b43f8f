import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { writeEngineeringFile } from "./engineering-file/dye-house-file.ts";
import { startKitchenBus } from "./sockets/kitchen-bus.ts";
import { startMachineServer } from "./sockets/opcua-server.ts";
import { DyeHouse } from "./truth/dye-house.ts";

export interface PlantOptions {
  readonly data: string;
  readonly seed: number;
  readonly days: number;
  /** The engineering file has the line that lots pass. */
  readonly line?: boolean;
  readonly truth: boolean;
  readonly json: boolean;
  /** Minutes for which the boiler has failed at the first start; undefined: it has not. */
  readonly steamLost?: number | undefined;
  /** A machine that the OPC UA server does not reach. */
  readonly lost?: string | undefined;
}

const MINUTE_US = 60_000_000;
const DAY_US = 86_400_000_000;
/** After so many days it begins a new life. */
const MAX_DAYS = 21;

/** Makes its past, then runs in real time behind its sockets until SIGTERM or SIGINT. */
export async function runPlant({ data, seed, days, line, truth, json, steamLost, lost }: PlantOptions): Promise<void> {
  mkdirSync(data, { recursive: true });
  const now = () => Date.now() * 1_000;
  const start = beginning(data, seed, now(), days);
  const house = new DyeHouse(seed, start, steamLost === undefined ? undefined : start + days * DAY_US - steamLost * MINUTE_US);
  house.advanceTo(now());
  const bus = await startKitchenBus(house.archive, await portOf(data, "modbus"));
  const machines = await startMachineServer(house.archive, data, await portOf(data, "opcua"), lost);
  const endpoints = { opcua: machines.url, modbus: bus.url };
  const engineeringFile = writeEngineeringFile(data, endpoints, line);
  const writeTruth = () => truth && writeFileSync(join(data, "truth.json"), JSON.stringify(house.batches));
  writeTruth();
  house.archive.onChange = (signal, value, at) => machines.show(signal, value, at);
  const ticking = setInterval(() => house.advanceTo(now()), 500);
  const keeping = setInterval(() => {
    house.archive.thin(now());
    writeTruth();
  }, 60_000);
  const close = async () => {
    clearInterval(ticking);
    clearInterval(keeping);
    await Promise.race([Promise.all([machines.close(), bus.close()]), new Promise((done) => setTimeout(done, 3_000))]);
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void close());
  process.once("disconnect", () => void close());
  const ready = { ready: true, ...endpoints, engineeringFile, samples: house.archive.total, batches: house.batches.length };
  const told = `The dye house runs.\n  OPC UA            ${machines.url}\n  Modbus TCP        ${bus.url}\n  engineering file  ${engineeringFile}\n`;
  process.stdout.write(json ? `${JSON.stringify(ready)}\n` : told);
}

/** Where its life began, µs: kept in its folder, so that a later start makes the same past again. */
function beginning(data: string, seed: number, now: number, days: number): number {
  const file = join(data, "clock.json");
  try {
    const kept = JSON.parse(readFileSync(file, "utf8")) as { readonly seed: number; readonly start: number };
    if (kept.seed === seed && kept.start > now - MAX_DAYS * DAY_US) return kept.start;
  } catch {
    // the first start in this folder
  }
  const start = now - days * DAY_US;
  writeFileSync(file, JSON.stringify({ seed, start }));
  return start;
}

/** The port that it had before under this folder where that is free, else a free one. */
async function portOf(data: string, name: string): Promise<number> {
  const file = join(data, `port-${name}`);
  let before = 0;
  try {
    before = Number(readFileSync(file, "utf8")) || 0;
  } catch {
    // the first start in this folder
  }
  const port = (before > 0 ? await listenOnce(before) : undefined) ?? (await listenOnce(0)) ?? 0;
  writeFileSync(file, String(port));
  return port;
}

function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      const got = address && typeof address === "object" ? address.port : undefined;
      server.close(() => resolve(got));
    });
  });
}
