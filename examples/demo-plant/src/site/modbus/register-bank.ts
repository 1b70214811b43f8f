import type { PlantSignal } from "../../signals/signal.ts";
import type { ModbusDevice } from "./modbus-server.ts";

/** Registers up to this address exist in a device that fills its gaps with zeros. */
const lastFilled = 63;

/** The registers of one device. */
export class RegisterBank implements ModbusDevice {
  readonly #registers = new Map<number, number>();
  readonly #bits = new Map<number, boolean>();
  readonly #gaps: "zero" | "refused";
  readonly #trouble: () => number | undefined;

  /** @param gaps what a read over addresses without a value is answered with */
  constructor(gaps: "zero" | "refused", trouble: () => number | undefined) {
    this.#gaps = gaps;
    this.#trouble = trouble;
  }

  trouble(): number | undefined {
    return this.#trouble();
  }

  register(address: number): number | undefined {
    return this.#registers.get(address) ?? (this.#gaps === "zero" && address <= lastFilled ? 0 : undefined);
  }

  bit(address: number): boolean | undefined {
    return this.#bits.get(address) ?? (this.#gaps === "zero" && address <= lastFilled ? false : undefined);
  }

  /** Keeps a value as the device would: scaled to its integer, or as a float, in its order of words. */
  put(signal: PlantSignal, value: number): void {
    const { address } = signal;
    if (address.kind !== "modbus") return;
    const raw = signal.scale === undefined ? value : value / signal.scale;
    const bytes = Buffer.alloc(4);
    switch (address.format) {
      case "bool":
        return void this.#bits.set(address.register, value !== 0);
      case "int16":
        return void this.#registers.set(address.register, clamped(raw, -32_768, 32_767) & 0xffff);
      case "uint16":
        return void this.#registers.set(address.register, clamped(raw, 0, 65_535));
      case "uint32":
        bytes.writeUInt32BE(clamped(raw, 0, 2 ** 32 - 1));
        break;
      case "float32":
        bytes.writeFloatBE(raw);
        break;
    }
    const [high, low] = [bytes.readUInt16BE(0), bytes.readUInt16BE(2)];
    const little = address.wordOrder === "little";
    this.#registers.set(address.register, little ? low : high);
    this.#registers.set(address.register + 1, little ? high : low);
  }
}

function clamped(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, Math.round(value)));
}
