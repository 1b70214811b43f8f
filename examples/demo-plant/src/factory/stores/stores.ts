import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { materials } from "../../site/warehouse/warehouse-table.ts";
import { pageOf, type Route } from "../kit/http-service.ts";
import { IntervalDrop } from "../kit/interval-drop.ts";
import { HOUR } from "../kit/local-time.ts";
import { Outbox } from "../kit/outbox.ts";
import type { OrderSource, PlantConnection, StoresSource } from "../kit/plant-connection.ts";
import type { FactoryProgram, ProgramContext, ProgramKind } from "../kit/program.ts";
import { csvText, writeWhole } from "../kit/small-file.ts";
import { sparePartsOf } from "./spare-parts.ts";
import { Stock, type Level, type Movement } from "./stock.ts";

/** The stores: materials with lots and minimum stock, spare parts, and every movement. */
export const stores: ProgramKind = { name: "stores", begin: (context) => new Stores(context) };

class Stores implements FactoryProgram {
  readonly #context: ProgramContext;
  readonly #stock: Stock;
  readonly #movements: Outbox<Movement>;
  readonly #levels: Outbox<Level>;
  readonly #drops: readonly { flush(ms: number): void }[];
  readonly routes: readonly Route[];
  readonly connections: readonly PlantConnection[];
  readonly orderSources: readonly OrderSource[];
  readonly storesSources: readonly StoresSource[];
  #settled = 0;
  #hour = 0;

  constructor(context: ProgramContext) {
    this.#context = context;
    const { header, local, folder, drop, url } = context;
    this.#movements = new Outbox(join(folder, "movements.ndjson"));
    this.#levels = new Outbox(join(folder, "levels.ndjson"));
    this.#stock = new Stock(header, local, {
      movement: (movement) => void this.#movements.say(movement),
      level: (level) => void this.#levels.say(level),
    });
    this.#drops = [
      new IntervalDrop({
        outbox: this.#movements,
        drop,
        folder,
        local,
        name: "movements",
        everyMs: 8 * HOUR,
        header: ["time", "document", "kind", "item", "location", "lot", "quantity", "unit"],
        row: (each) => [each.time, each.document, each.kind, each.item, each.location, each.lot, each.quantity, each.unit],
      }),
      new IntervalDrop({
        outbox: this.#levels,
        drop: join(drop, "levels"),
        folder,
        local,
        name: "levels",
        everyMs: HOUR,
        header: ["time", "key", "value"],
        row: ({ time, key, value }) => [time, key, value],
      }),
    ];
    this.routes = this.#routes();
    this.orderSources = [
      {
        name: "Stores",
        kind: "rest",
        allowPrivate: true,
        intervalS: 60,
        masterData: { materials: `${url}/materials`, lots: `${url}/materials/{material}/lots` },
      },
    ];
    this.storesSources = [{ name: "Stores", parts: `${url}/spare-parts`, movements: `${url}/movements`, allowPrivate: true }];
    this.connections = [
      {
        name: "Stock of the stores",
        protocol: "csv",
        url: pathToFileURL(join(drop, "levels")).href,
        settings: { keyColumn: "key", valueColumn: "value", timeColumn: "time" },
      },
    ];
  }

  take(record: Parameters<FactoryProgram["take"]>[0]): void {
    this.#stock.take(record);
  }

  settle(ms: number): void {
    this.#settled = ms;
    this.#stock.settle(ms);
  }

  flush(isPresent: boolean): void {
    this.#movements.flush();
    this.#levels.flush();
    for (const drop of this.#drops) drop.flush(this.#settled);
    const hour = Math.floor(this.#settled / HOUR);
    if (!isPresent || hour === this.#hour) return;
    this.#hour = hour;
    const { drop, local } = this.#context;
    const time = local.iso(this.#settled);
    const stock = this.#stock.counted().map(({ material, location, lot, quantity }) => [time, material, location, lot, quantity, "PCE"]);
    writeWhole(join(drop, "stock.csv"), csvText(["time", "material", "location", "lot", "quantity", "unit"], stock));
    const parts = this.#parts().map((each) => [each.part, each.name, each.usedAt, each.onHand, each.minimum, each.leadDays, each.priceEur]);
    writeWhole(join(drop, "spare-parts.csv"), csvText(["part", "name", "used_at", "on_hand", "minimum", "lead_days", "price_eur"], parts));
  }

  #parts() {
    return sparePartsOf(this.#context.header).map(({ part, name, usedAt, minimum, order, leadDays, priceEur }) => ({
      part,
      name,
      usedAt,
      onHand: this.#stock.onHand(part),
      minimum,
      order,
      leadDays,
      priceEur,
    }));
  }

  #routes(): readonly Route[] {
    const lots = (material: string) => this.#stock.counted().filter((each) => each.material === material);
    return [
      {
        method: "GET",
        path: "/materials",
        answer: () =>
          materials.map(({ id, en, zh, usedAt, products, container, target }) => ({
            material: id,
            name: { en, zh },
            usedAt,
            products,
            unit: "PCE",
            container,
            minimum: Math.round(target / 4),
            target,
            onHand: this.#stock.onHand(id),
          })),
      },
      {
        method: "GET",
        path: "/materials/:material/lots",
        answer: ({ path }) => lots(path["material"]!).map(({ location, lot, quantity }) => ({ location, lot, quantity })),
      },
      { method: "GET", path: "/spare-parts", answer: () => this.#parts() },
      {
        method: "GET",
        path: "/movements",
        answer: (asked) => {
          const { after, limit } = pageOf(asked);
          return this.#movements.after(after, limit);
        },
      },
    ];
  }
}
