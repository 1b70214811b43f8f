import { MINUTE, SECOND, type Instant } from "@doppelwerk/world";
import type { PlantSignal } from "../../signals/signal.ts";
import { busAddressOf, line4Dirt } from "../line-4/line-4-signals.ts";
import { line4Ids, type Line4Id } from "../line-4/line-4-table.ts";
import { exceptions, startModbusGateway, type ModbusGateway } from "./modbus-server.ts";
import { RegisterBank } from "./register-bank.ts";

/** The gateway of Line 4 and the devices on its bus. */
export interface Line4Bus {
  readonly gateway: ModbusGateway;
  show(signal: PlantSignal, value: number): void;
  /** The bus behind the gateway fails: every device is silent, the gateway says so. */
  setFailed(failed: boolean): void;
  close(): Promise<void>;
}

/** The terminal at the rework benches refuses to be read over gaps. */
const refusesGaps: Line4Id = "L4-R10";

export async function startLine4Bus(options: { readonly port: number; readonly now: () => Instant }): Promise<Line4Bus> {
  let failed = false;
  const trouble = (station: Line4Id) => (): number | undefined => {
    if (failed) return exceptions.noAnswer;
    return station === line4Dirt.busy && options.now() % (4 * MINUTE) < 2 * SECOND ? exceptions.busy : undefined;
  };
  const banks = new Map(
    line4Ids.map((station) => [busAddressOf(station), new RegisterBank(station === refusesGaps ? "refused" : "zero", trouble(station))]),
  );
  const gateway = await startModbusGateway(banks, options.port);
  return {
    gateway,
    show(signal, value) {
      if (signal.address.kind === "modbus") banks.get(signal.address.unit)?.put(signal, value);
    },
    setFailed: (now) => void (failed = now),
    close: () => gateway.close(),
  };
}
