import { PlantArchive } from "../archive.ts";
import { Chance } from "./chance.ts";
import { Stenter, Washer } from "./finishing.ts";
import { Jet, type BatchTruth, type Order } from "./jet.ts";
import { Kitchen } from "./kitchen.ts";
import { boilerKgPerHour, jets, softener } from "./machines.ts";
import { recipes } from "./recipes.ts";

/** Length of a tick, s. */
const TICK_S = 5;
const TICK_US = TICK_S * 1_000_000;
const HOUR_US = 3_600_000_000;

/**
 * The dye house as it really is, in ticks of 5 s. Two things no model of it knows: the boiler gives all machines together 1,500 kg of steam an hour,
 * so that machines that heat at the same time all heat more slowly; and in the last 7 of every 30 hours the water is hard, and shades go wrong.
 */
export class DyeHouse {
  readonly archive = new PlantArchive();
  readonly batches: BatchTruth[] = [];
  readonly #chance: Chance;
  readonly #kitchen: Kitchen;
  readonly #jets: readonly Jet[];
  readonly #washer = new Washer();
  readonly #stenter: Stenter;
  readonly #redyes: Order[] = [];
  readonly #freeUntil = new Map<string, number>();
  readonly #start: number;
  readonly #steamLostAt: number;
  #lots = 0;
  #now: number;

  /** `start`: the instant that it begins at, `steamLostAt`: from which on the boiler gives nothing, µs. */
  constructor(seed: number, start: number, steamLostAt = Number.POSITIVE_INFINITY) {
    this.#chance = new Chance(seed);
    this.#kitchen = new Kitchen(this.#chance);
    this.#jets = jets.map((row) => new Jet(row, this.#chance));
    this.#stenter = new Stenter(this.#chance);
    this.#start = Math.floor(start / TICK_US) * TICK_US;
    this.#steamLostAt = steamLostAt;
    this.#now = this.#start;
    for (const { row } of this.#jets) this.#freeUntil.set(row.id, this.#now + this.#chance.between(0, 3) * HOUR_US);
  }

  advanceTo(instant: number): void {
    while (this.#now <= instant) this.#tick();
  }

  #tick(): void {
    const at = this.#now;
    const { archive } = this;
    const hour = (at / HOUR_US) % 24;
    for (const jet of this.#jets) if (jet.isFree && at >= this.#freeUntil.get(jet.row.id)!) jet.begin(this.#order(jet), at);
    const asked = this.#jets.map((jet) => jet.askSteam(TICK_S)).reduce((sum, one) => sum + one, 0);
    const boiler = at < this.#steamLostAt ? boilerKgPerHour : 0;
    const steamShare = asked > boiler ? boiler / asked : 1;
    const hardWater = ((at - this.#start) / HOUR_US) % softener.cycleH > softener.cycleH - softener.hardH;
    const around = { kitchen: this.#kitchen, steamShare, hardWater, freshC: 17 + 4 * Math.sin((hour / 24) * 2 * Math.PI) };
    // what is told is how it stands at the beginning of the tick
    for (const jet of this.#jets) jet.tell(at, archive);
    for (const jet of this.#jets) this.#take(jet, jet.advance(at, TICK_S, around), at);
    this.#kitchen.advance(at, TICK_S, hour, archive);
    const washed = this.#washer.advance(at, TICK_S, archive);
    if (washed) this.#stenter.queue.push(washed);
    this.#stenter.advance(at, TICK_S, archive);
    const flow = Math.min(asked, boiler);
    const pressure = boiler === 0 ? 0 : 7.5 - 2 * (flow / boiler) ** 2 - (asked > boiler ? 0.8 : 0);
    archive.put("BOILER.SteamFlow", Math.round(flow), at, 20);
    archive.put("BOILER.SteamPressure", Math.round(pressure * 10) / 10, at, 0.1);
    this.#now += TICK_US;
  }

  #order({ row }: Jet): Order {
    const redye = this.#redyes.findIndex(({ loadKg }) => loadKg <= row.nominalKg * 1.05 && loadKg > row.nominalKg * 0.5);
    if (redye >= 0) return this.#redyes.splice(redye, 1)[0]!;
    const recipe = this.#chance.isTrue(0.25) ? recipes[2]! : recipes[this.#chance.isTrue(0.55) ? 0 : 1]!;
    return {
      lot: `D${1_000 + ++this.#lots}`,
      redye: 0,
      recipe,
      loadKg: Math.round(row.nominalKg * this.#chance.between(0.78, 1) * 10) / 10,
    };
  }

  #take(jet: Jet, ended: ReturnType<Jet["advance"]>, at: number): void {
    if (ended === undefined) return;
    const { truth, order, redye } = ended;
    this.batches.push(truth);
    this.#freeUntil.set(jet.row.id, at + this.#chance.between(10, 50) * 60e6);
    if (redye && order.redye === 0) this.#redyes.push({ ...order, redye: 1 });
    else {
      const wet = { lot: order.lot, loadKg: order.loadKg, fibre: order.recipe.fibre };
      (wet.fibre === "cotton" ? this.#washer : this.#stenter).queue.push(wet);
    }
  }
}
