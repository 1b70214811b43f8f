import { join } from "node:path";
import type { Destination, SentValue } from "../kit/destination.ts";
import { pageOf, Refusal, type Asked, type Route } from "../kit/http-service.ts";
import { IntervalDrop } from "../kit/interval-drop.ts";
import { DAY, HOUR } from "../kit/local-time.ts";
import { Outbox } from "../kit/outbox.ts";
import type { PlantConnection } from "../kit/plant-connection.ts";
import type { FactoryProgram, ProgramContext, ProgramKind } from "../kit/program.ts";
import { csvText, writeWhole } from "../kit/small-file.ts";
import { Meters, meters, type Interval } from "./meters.ts";
import { demandCharge, hourPrice, hoursOf } from "./tariff.ts";

/** The metering service: intervals of area meters, tariffs and carbon intensity by hour. */
export const energy: ProgramKind = { name: "energy", begin: (context) => new Energy(context) };

/** Who subscribes for the first time hears what was read within this time. */
const HEARD = DAY;

class Energy implements FactoryProgram {
  readonly #context: ProgramContext;
  readonly #meters: Meters;
  readonly #outbox: Outbox<Interval>;
  readonly #drop: IntervalDrop<Interval>;
  readonly routes: readonly Route[];
  readonly destinations: readonly Destination[];
  readonly connections: readonly PlantConnection[];
  #settled = 0;
  #tariffDay = "";

  constructor(context: ProgramContext) {
    this.#context = context;
    const { header, local, folder, drop, url } = context;
    this.#outbox = new Outbox(join(folder, "intervals.ndjson"));
    this.#meters = new Meters(header, local, (interval) => void this.#outbox.say(interval));
    this.#drop = new IntervalDrop({
      outbox: this.#outbox,
      drop,
      folder,
      local,
      name: "intervals",
      everyMs: 4 * HOUR,
      delimiter: ";",
      header: ["meter", "begin", "end", "quantity", "unit", "total", "status"],
      // numbers as the office of the metering service writes them
      row: (each) => [each.meter, each.begin, each.end, comma(each.quantity), each.unit, comma(each.total), each.status],
    });
    this.routes = this.#routes();
    this.destinations = [{ name: "energy-meters", by: "mqtt", pending: (after, most) => this.#pending(after, most) }];
    this.connections = [
      { name: "Energy tariff", protocol: "http", url: `${url}/now`, settings: { intervalS: 60, allowPrivate: true, timePointer: "/time" } },
    ];
  }

  take(record: Parameters<FactoryProgram["take"]>[0]): void {
    this.#meters.take(record);
  }

  settle(ms: number): void {
    this.#settled = ms;
    this.#meters.settle(ms);
  }

  flush(isPresent: boolean): void {
    this.#outbox.flush();
    this.#drop.flush(this.#settled);
    const { local, drop } = this.#context;
    const day = local.date(this.#settled);
    if (!isPresent || day === this.#tariffDay) return;
    this.#tariffDay = day;
    const hours = this.#hours(local.midnight(this.#settled) - 7 * DAY, 9 * 24).map(({ hour, price, zone, carbon }) => [
      hour,
      price,
      zone,
      carbon,
    ]);
    writeWhole(join(drop, "tariffs.csv"), csvText(["hour", "eur_per_kwh", "zone", "g_co2e_per_kwh"], hours));
  }

  #hours(from: number, count: number) {
    return hoursOf(this.#context.header.seed, this.#context.local, from, count);
  }

  #pending(after: number, most: number): readonly { readonly seq: number; readonly values: readonly SentValue[] }[] {
    return this.#outbox.after(after, most).map(({ seq, time, meter, end, total }) => ({
      seq,
      values:
        Date.parse(time) < this.#settled - HEARD ? [] : [{ address: `factory/energy/${meter}/Total`, value: total, ms: Date.parse(end) }],
    }));
  }

  #routes(): readonly Route[] {
    return [
      {
        method: "GET",
        path: "/meters",
        answer: () => meters.map(({ id, name, area, unit, parent }) => ({ meter: id, name, area, unit, parent })),
      },
      {
        method: "GET",
        path: "/intervals",
        answer: (asked) => {
          const { after, limit } = pageOf(asked);
          return this.#outbox.after(after, limit);
        },
      },
      {
        method: "GET",
        path: "/tariffs",
        answer: (asked) => ({ currency: "EUR", demandChargePerKw: demandCharge, hours: this.#tariffs(asked) }),
      },
      {
        method: "GET",
        path: "/now",
        answer: () => {
          const { header, local } = this.#context;
          const begin = Math.floor(this.#settled / HOUR) * HOUR;
          const { price, carbon } = hourPrice(header.seed, local, begin);
          return { time: new Date(this.#settled).toISOString(), PricePerKWh: price, CarbonIntensity: carbon };
        },
      },
    ];
  }

  /** `from` and `to` are local days, at most 62 of them; two days ahead are known. */
  #tariffs({ query }: Asked): ReturnType<typeof hoursOf> {
    const { local } = this.#context;
    const today = local.date(this.#settled);
    const day = (name: string, unless: string): number => {
      const text = query.get(name) ?? unless;
      const begin = local.dayBegin(text);
      if (Number.isNaN(begin)) throw new Refusal(400, `${name} is a day such as ${today}`);
      return begin;
    };
    const from = day("from", today);
    const to = Math.min(day("to", local.date(from)) + DAY, local.midnight(this.#settled) + 2 * DAY);
    if (to <= from || to - from > 62 * DAY) throw new Refusal(400, "from to to are 1 to 62 days, tomorrow at most");
    return this.#hours(from, (to - from) / HOUR);
  }
}

function comma(value: number): string {
  return String(value).replace(".", ",");
}
