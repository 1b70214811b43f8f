import type { PlantArchive } from "../archive.ts";
import type { Chance } from "./chance.ts";
import { kgPerMetre, stenterZones } from "./machines.ts";

export interface WetLot {
  readonly lot: string;
  readonly loadKg: number;
  readonly fibre: "cotton" | "polyester";
}

interface Passing {
  readonly lot: WetLot;
  leftM: number;
}

/** The washing range: takes cotton lots one after the other, continuously. */
export class Washer {
  readonly queue: WetLot[] = [];
  #passing: Passing | undefined;
  #waterL = 20_000;
  #steamKg = 3_000;

  /** The lot that has left in this tick. */
  advance(at: number, tickS: number, archive: PlantArchive): WetLot | undefined {
    const next = this.#passing ?? this.#take();
    let left: WetLot | undefined;
    const speed = next === undefined ? 0 : 35;
    if (next !== undefined) {
      const metres = (speed * tickS) / 60;
      next.leftM -= metres;
      this.#waterL += metres * kgPerMetre * 6;
      this.#steamKg += metres * kgPerMetre * 0.5;
      if (next.leftM <= 0) {
        left = next.lot;
        this.#passing = undefined;
      }
    }
    archive.put("WASH1.BatchId", this.#passing?.lot.lot ?? "", at);
    archive.put("WASH1.Speed", speed, at);
    archive.put("WASH1.Temperature", next === undefined ? 40 : 70, at);
    archive.put("WASH1.Water", Math.floor(this.#waterL), at, next === undefined ? 0 : 20);
    archive.put("WASH1.Steam", Math.floor(this.#steamKg), at, next === undefined ? 0 : 2);
    return left;
  }

  #take(): Passing | undefined {
    const lot = this.queue.shift();
    this.#passing = lot && { lot, leftM: lot.loadKg / kgPerMetre };
    return this.#passing;
  }
}

/** The stenter: dries and sets at the speed that the residual moisture allows; now and then a burner of zone 3 is weak for an hour. */
export class Stenter {
  readonly queue: WetLot[] = [];
  readonly #chance: Chance;
  #passing: Passing | undefined;
  #pauseS = 0;
  #metres = 100_000;
  #gas = 20_000;
  readonly #zones = Array.from({ length: stenterZones }, () => 60);
  #weakUntil = 0;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  advance(at: number, tickS: number, archive: PlantArchive): void {
    this.#pauseS = Math.max(0, this.#pauseS - tickS);
    if (this.#passing === undefined && this.#pauseS === 0) this.#take();
    const passing = this.#passing;
    const set = passing === undefined ? 120 : passing.lot.fibre === "cotton" ? 150 : 190;
    if (this.#chance.isTrue((tickS / 86_400) * 0.8)) this.#weakUntil = at + 3.6e9;
    for (const [zone, temperature] of this.#zones.entries()) {
      const goal = set - (zone === 2 && at < this.#weakUntil ? 14 : 0);
      this.#zones[zone] = temperature + (goal - temperature) * Math.min(1, 0.006 * tickS) + this.#chance.around() * 0.15;
      archive.put(`STENTER1.Zone${zone + 1}`, Math.round(this.#zones[zone]! * 10) / 10, at, 0.8);
      archive.put(`STENTER1.ZoneSet${zone + 1}`, set, at);
    }
    const coldest = Math.min(...this.#zones);
    const speed =
      passing === undefined
        ? 0
        : Math.max(12, Math.round((passing.lot.fibre === "cotton" ? 24 : 32) * Math.min(1, 1 - (set - coldest) / 60)));
    archive.put("STENTER1.BatchId", passing?.lot.lot ?? "", at);
    archive.put("STENTER1.Speed", speed, at);
    const moisture = passing === undefined ? 0 : Math.max(1, 5.5 + (set - coldest) * 0.12 + this.#chance.around() * 0.4);
    archive.put("STENTER1.Moisture", Math.round(moisture * 10) / 10, at, 0.7);
    this.#move(passing, (speed * tickS) / 60);
    archive.put("STENTER1.Length", Math.floor(this.#metres), at, passing === undefined ? 0 : 25);
    archive.put("STENTER1.Gas", Math.floor(this.#gas), at);
  }

  #move(passing: Passing | undefined, metres: number): void {
    this.#gas += passing === undefined ? 0.0008 : metres * kgPerMetre * 0.12;
    if (passing === undefined) return;
    this.#metres += metres;
    passing.leftM -= metres;
    if (passing.leftM > 0) return;
    this.#passing = undefined;
    this.#pauseS = 240;
  }

  #take(): void {
    const lot = this.queue.shift();
    if (lot !== undefined) this.#passing = { lot, leftM: lot.loadKg / kgPerMetre };
  }
}
