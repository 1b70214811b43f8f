import { DAY, HOUR, MINUTE, type Instant } from "@doppelwerk/world";
import type { FloorSink } from "../../floor/floor-writer.ts";
import type { PlantSignal } from "../../signals/signal.ts";
import { hashNumber } from "../../truth/chance.ts";
import type { SampleSink } from "../../truth/sample-sink.ts";
import { deliveries, materials, storageLocations, type Material } from "./warehouse-table.ts";

export interface WarehouseOptions {
  readonly signals: readonly PlantSignal[];
  readonly seed: number;
  /** Local midnight of any day. */
  readonly midnight: Instant;
  readonly recordFrom: Instant;
  /** Whether anything is worked then. */
  readonly working: (time: Instant) => boolean;
  readonly floor?: FloorSink;
}

interface Stock {
  readonly material: Material;
  /** Pieces in each of its locations, and at the line. */
  readonly inLocation: Map<string, number>;
  atLine: number;
  received: number;
  picked: number;
}

/** A truck comes or goes, or what it brought of a material is put away. */
interface Step {
  readonly time: Instant;
  readonly trucks?: number;
  readonly put?: Stock;
}

/**
 * The warehouse management system. A container is picked when the line has less than half a container left; trucks fill every material up to its target.
 * Once in about nine days a truck comes 36 minutes late. Stock never stops a line: there is always a container in reach.
 */
export class Warehouse {
  readonly #options: WarehouseOptions;
  readonly #sink: SampleSink;
  readonly #signals: ReadonlyMap<string, PlantSignal>;
  readonly #stocks: readonly Stock[];
  readonly #written = new Map<string, number>();
  readonly #agenda: readonly Step[];
  #next = 0;
  #begun = false;

  constructor(options: WarehouseOptions, sink: SampleSink) {
    this.#options = options;
    this.#sink = sink;
    this.#signals = new Map(options.signals.map((signal) => [`${signal.asset}.${signal.role}`, signal]));
    this.#stocks = materials.map((material, index) => {
      const full = material.target / material.locations.length;
      const share = 0.6 + 0.4 * hashNumber(options.seed, 77, index);
      return {
        material,
        inLocation: new Map(material.locations.map((location) => [location, containers(full * share, material)])),
        atLine: material.container,
        received: Math.floor(60_000 + 200_000 * hashNumber(options.seed, 78, index)),
        picked: Math.floor(60_000 + 200_000 * hashNumber(options.seed, 79, index)),
      };
    });
    this.#agenda = this.#plan(options.recordFrom);
    for (const stock of this.#stocks)
      for (const [location, quantity] of stock.inLocation) this.#tell(options.recordFrom, "put", stock, location, quantity);
  }

  /** A part came into a station. */
  use(station: string, product: string, time: Instant): void {
    for (const stock of this.#stocks) {
      const { usedAt, products, container } = stock.material;
      if (usedAt !== station || (products !== undefined && !products.includes(product))) continue;
      stock.atLine--;
      if (stock.atLine < container / 2) this.#pick(stock, time);
    }
  }

  advanceTo(time: Instant): void {
    if (!this.#begun && time >= this.#options.recordFrom) {
      this.#begun = true;
      for (const location of storageLocations) this.#showLocation(location, this.#options.recordFrom);
      for (const stock of this.#stocks) this.#showMaterial(stock, this.#options.recordFrom);
      this.#write("Warehouse.TrucksAtDock", this.#options.recordFrom, 0);
    }
    for (let step = this.#agenda[this.#next]; step !== undefined && step.time <= time; step = this.#agenda[this.#next]) {
      this.#next++;
      if (step.trucks !== undefined) this.#write("Warehouse.TrucksAtDock", step.time, step.trucks);
      if (step.put !== undefined) this.#putAway(step.put, step.time);
    }
  }

  #pick(stock: Stock, time: Instant): void {
    const location = stock.material.locations.find((candidate) => stock.inLocation.get(candidate)! > 0);
    stock.atLine += stock.material.container;
    this.#tell(time, location === undefined ? "short" : "pick", stock, location ?? "", stock.material.container);
    if (location === undefined) return;
    stock.inLocation.set(location, stock.inLocation.get(location)! - stock.material.container);
    stock.picked += stock.material.container;
    this.#showLocation(location, time);
    this.#showMaterial(stock, time);
  }

  #putAway(stock: Stock, time: Instant): void {
    const { material, inLocation } = stock;
    const full = containers(material.target / material.locations.length, material);
    for (const location of material.locations) {
      const missing = full - inLocation.get(location)!;
      if (missing <= 0) continue;
      inLocation.set(location, full);
      this.#tell(time, "put", stock, location, missing);
      stock.received += missing;
      this.#showLocation(location, time);
    }
    this.#showMaterial(stock, time);
  }

  #tell(time: Instant, what: "put" | "pick" | "short", { material }: Stock, location: string, quantity: number): void {
    this.#options.floor?.write("warehouse", ["w", Math.round(time / 1000), what, material.id, location, quantity]);
  }

  #showLocation(location: string, time: Instant): void {
    const stock = this.#stocks.find(({ inLocation }) => inLocation.has(location))!;
    const quantity = stock.inLocation.get(location)!;
    this.#write(`${location}.Quantity`, time, quantity);
    this.#write(`${location}.Material`, time, this.#sink.textIndex(stock.material.id));
  }

  #showMaterial(stock: Stock, time: Instant): void {
    const { id } = stock.material;
    this.#write(
      `Warehouse.OnHand_${id}`,
      time,
      [...stock.inLocation.values()].reduce((sum, quantity) => sum + quantity, 0),
    );
    this.#write(`Warehouse.Received_${id}`, time, stock.received);
    this.#write(`Warehouse.Picked_${id}`, time, stock.picked);
  }

  #write(name: string, time: Instant, value: number): void {
    const signal = this.#signals.get(name);
    if (!signal || !this.#begun || this.#written.get(name) === value) return;
    this.#written.set(name, value);
    this.#sink.write(signal.index, time, value);
  }

  /** Every truck, and two minutes for each material it brings. */
  #plan(from: Instant): readonly Step[] {
    const { midnight, seed, working } = this.#options;
    const first = midnight - Math.ceil((midnight - from) / DAY) * DAY;
    const steps = Array.from({ length: 110 }, (_, day) => day).flatMap((day) =>
      deliveries.flatMap((hour, n): Step[] => {
        const planned = Math.round(first + day * DAY + hour * HOUR);
        const chance = hashNumber(seed + 5, Math.round(planned / MINUTE) | 0, n);
        const time = planned + (chance < 1 / 50 ? 36 : Math.floor(9 * chance)) * MINUTE;
        if (time < from || !working(planned)) return [];
        return [
          { time, trucks: 1 },
          ...this.#stocks.map((put, index) => ({ time: time + (4 + 2 * index) * MINUTE, put })),
          { time: time + 25 * MINUTE, trucks: 0 },
        ];
      }),
    );
    return steps.toSorted((a, b) => a.time - b.time);
  }
}

function containers(pieces: number, { container }: Material): number {
  return Math.floor(pieces / container) * container;
}
