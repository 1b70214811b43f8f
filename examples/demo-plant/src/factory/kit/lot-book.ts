import type { FloorRecord } from "../../floor/floor-record.ts";
import { materials, type Material } from "../../site/warehouse/warehouse-table.ts";
import type { LocalTime } from "./local-time.ts";

/** A container of a lot on its way from the store to a station. */
export interface Container {
  readonly id: string;
  readonly material: string;
  readonly lot: string;
  readonly location: string;
  readonly quantity: number;
}

/** A container was opened at a station; `serial` is the first that takes a piece of it. */
export interface Mounted {
  readonly ms: number;
  readonly station: string;
  readonly container: Container;
  readonly serial: string;
}

interface Supply {
  readonly material: Material;
  readonly inLocation: Map<string, { readonly lot: string; quantity: number }[]>;
  /** Containers at the line that are not opened yet. */
  readonly waiting: Container[];
  mounted: Container;
  left: number;
  picked: number;
  put: { readonly ms: number; readonly lot: string; readonly ofDay: number; readonly day: string } | undefined;
}

/**
 * Which lot is used where. A delivery of one material is a lot; a location gives its oldest lot first; a station opens the next container when one is
 * empty, and each part that comes in takes one piece.
 */
export class LotBook {
  readonly #local: LocalTime;
  readonly #supplies: readonly Supply[];

  constructor(local: LocalTime) {
    this.#local = local;
    this.#supplies = materials.map((material) => ({
      material,
      inLocation: new Map(),
      waiting: [],
      mounted: {
        id: `C-${material.id}-0`,
        material: material.id,
        lot: `${material.id}-OPENING`,
        location: "",
        quantity: material.container,
      },
      left: material.container,
      picked: 0,
      put: undefined,
    }));
  }

  /** Takes a record; what was opened by it. */
  take(record: FloorRecord): readonly Mounted[] {
    if (record[0] === "w") this.#moved(record);
    if (record[0] !== "u") return [];
    const [, ms, station, serial] = record;
    return this.#usedBy(station, serial).flatMap((supply) => {
      const opened = supply.left === 0 ? this.#open(supply) : undefined;
      supply.left--;
      return opened === undefined ? [] : [{ ms, station, container: opened, serial }];
    });
  }

  /** The lot of a material that a station takes from now. */
  lotAt(station: string, product: string): readonly { readonly material: string; readonly lot: string }[] {
    return this.#usedBy(station, product).map(({ mounted }) => ({ material: mounted.material, lot: mounted.lot }));
  }

  /** On hand by location and lot. */
  stock(): readonly { readonly material: string; readonly location: string; readonly lot: string; readonly quantity: number }[] {
    return this.#supplies.flatMap(({ material, inLocation }) =>
      [...inLocation].flatMap(([location, lots]) => lots.map(({ lot, quantity }) => ({ material: material.id, location, lot, quantity }))),
    );
  }

  #usedBy(station: string, serial: string): readonly Supply[] {
    const product = serial.split("-")[0]!;
    return this.#supplies.filter(
      ({ material }) => material.usedAt === station && (material.products === undefined || material.products.includes(product)),
    );
  }

  #open(supply: Supply): Container {
    const { material } = supply;
    supply.mounted = supply.waiting.shift() ?? {
      id: `C-${material.id}-unknown`,
      material: material.id,
      lot: "UNKNOWN",
      location: "",
      quantity: material.container,
    };
    supply.left = supply.mounted.quantity;
    return supply.mounted;
  }

  #moved([, ms, what, id, location, quantity]: Extract<FloorRecord, readonly ["w", ...unknown[]]>): void {
    const supply = this.#supplies.find(({ material }) => material.id === id);
    if (supply === undefined) return;
    if (what === "put") {
      const lots = supply.inLocation.get(location) ?? [];
      lots.push({ lot: this.#lotOf(supply, ms), quantity });
      supply.inLocation.set(location, lots);
      return;
    }
    const oldest = what === "short" ? undefined : supply.inLocation.get(location)?.[0];
    const container = { id: `C-${id}-${++supply.picked}`, material: id, lot: oldest?.lot ?? "UNKNOWN", location, quantity };
    supply.waiting.push(container);
    if (oldest === undefined) return;
    oldest.quantity -= quantity;
    if (oldest.quantity <= 0) supply.inLocation.get(location)!.shift();
  }

  /** What is put away at one instant came with one truck. */
  #lotOf(supply: Supply, ms: number): string {
    if (supply.put?.ms === ms) return supply.put.lot;
    const day = this.#local.date(ms).replaceAll("-", "").slice(2);
    const ofDay = supply.put?.day === day ? supply.put.ofDay + 1 : 1;
    supply.put = { ms, day, ofDay, lot: `${supply.material.id}-${day}-${ofDay}` };
    return supply.put.lot;
  }
}
