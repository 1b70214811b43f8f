import type { PlantArchive } from "../archive.ts";
import type { Chance } from "./chance.ts";
import { tanks, type TankRow } from "./machines.ts";
import type { TankId } from "./recipes.ts";

interface Tank {
  readonly row: TankRow;
  level: number;
  /** Litres drawn in this tick. */
  drawn: number;
  /** Minutes until somebody begins to make the next solution; undefined: nobody has to. */
  refillIn: number | undefined;
  filling: boolean;
}

/** The dye kitchen: four tanks, refilled by an operator, and one dissolver that prepares the dyes of one batch after another. */
export class Kitchen {
  readonly #tanks: ReadonlyMap<TankId, Tank>;
  readonly #chance: Chance;
  #preparing: string | undefined;

  constructor(chance: Chance) {
    this.#chance = chance;
    this.#tanks = new Map(tanks.map((row) => [row.id, { row, level: row.capacityL * 0.8, drawn: 0, refillIn: undefined, filling: false }]));
  }

  /** Litres that it gives of those that are asked for. */
  draw(tank: TankId, litres: number): number {
    const own = this.#tanks.get(tank)!;
    const given = Math.min(litres, Math.max(0, own.level - own.row.capacityL * 0.02));
    own.level -= given;
    own.drawn += given;
    return given;
  }

  /** The dissolver is this machine's until it gives it back. */
  takeDissolver(machine: string): boolean {
    this.#preparing ??= machine;
    return this.#preparing === machine;
  }

  giveDissolver(machine: string): void {
    if (this.#preparing === machine) this.#preparing = undefined;
  }

  advance(at: number, tickS: number, hour: number, archive: PlantArchive): void {
    for (const tank of this.#tanks.values()) {
      this.#refill(tank, tickS, hour);
      const { id, capacityL } = tank.row;
      archive.put(`${id}.Level`, Math.round(tank.level), at, capacityL * 0.002);
      archive.put(`${id}.DoseFlow`, Math.round((tank.drawn / tickS) * 600) / 10, at, 0.5);
      archive.put(`${id}.Temperature`, Math.round((24 + 3 * Math.sin(at / 7e9)) * 10) / 10, at, 0.4);
      tank.drawn = 0;
    }
  }

  /** Whoever refills sees to it within minutes by day, and later at night when one person has both halls. */
  #refill(tank: Tank, tickS: number, hour: number): void {
    const { capacityL } = tank.row;
    if (tank.filling) {
      tank.level += (capacityL / 1_500) * tickS;
      if (tank.level >= capacityL * 0.95) tank.filling = false;
    } else if (tank.refillIn !== undefined) {
      tank.refillIn -= tickS / 60;
      if (tank.refillIn > 0) return;
      tank.refillIn = undefined;
      tank.filling = true;
    } else if (tank.level < capacityL * 0.3)
      tank.refillIn = hour < 6 || hour >= 22 ? this.#chance.between(20, 70) : this.#chance.between(3, 15);
  }
}
