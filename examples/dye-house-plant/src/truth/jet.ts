import type { PlantArchive } from "../archive.ts";
import type { Chance } from "./chance.ts";
import type { Kitchen } from "./kitchen.ts";
import { offShade, type JetRow } from "./machines.ts";
import { addition, functions, type Recipe, type Step } from "./recipes.ts";

export interface Order {
  readonly lot: string;
  /** 0 at the first dyeing. */
  readonly redye: number;
  readonly recipe: Recipe;
  /** Weighed, kg: what is really in the machine. */
  readonly loadKg: number;
}

/** What a batch really was; only tests and the plant know it. */
export interface BatchTruth {
  readonly machine: string;
  readonly batch: string;
  readonly lot: string;
  readonly recipe: string;
  readonly loadKg: number;
  readonly from: number;
  readonly to: number;
  readonly waterL: number;
  readonly steamKg: number;
  readonly additions: number;
  readonly phases: readonly { readonly run: string; readonly from: number; readonly to: number }[];
}

/** What the rest of the plant does to a machine now. */
export interface Surroundings {
  readonly kitchen: Kitchen;
  /** Share of the steam that it asked for. */
  readonly steamShare: number;
  readonly hardWater: boolean;
  readonly freshC: number;
}

const KJ_PER_KG_STEAM = 2_100;
const LITRES_PER_KG_MINUTE = 1.5;
const DRAIN_PER_KG_MINUTE = 2;
const HEATS_KELVIN_A_MINUTE = 4.2;

interface Running {
  readonly order: Order;
  readonly batch: string;
  readonly from: number;
  /** What is left to do, the present step first. */
  readonly steps: Step[];
  readonly phases: { run: string; from: number; to: number }[];
  stepNumber: number;
  /** Of the present step: seconds, litres given, temperature at its beginning. */
  seconds: number;
  litres: number;
  startC: number;
  additions: number;
  waterL: number;
  steamKg: number;
  batchToldAt: number;
  /** Set when the batch cannot be saved by an addition. */
  redye: boolean;
}

/** A jet dyeing machine and its controller. */
export class Jet {
  readonly row: JetRow;
  readonly #chance: Chance;
  #temperature = 25;
  #setpoint = 25;
  #level = 0;
  #waterL = 0;
  #steamKg = 0;
  #energyKWh = 0;
  #running: Running | undefined;
  /** Kelvin that it wants to gain in this tick. */
  #wantedK = 0;

  constructor(row: JetRow, chance: Chance) {
    this.row = row;
    this.#chance = chance;
    this.#waterL = chance.between(5_000, 60_000);
    this.#steamKg = chance.between(1_000, 9_000);
    this.#energyKWh = chance.between(1_000, 9_000);
  }

  get isFree(): boolean {
    return this.#running === undefined;
  }

  begin(order: Order, at: number): void {
    const batch = order.redye === 0 ? order.lot : `${order.lot}/R${order.redye}`;
    const late = this.row.lateBatch === true ? this.#chance.between(40, 180) * 1e6 : 0;
    const steps = [...order.recipe.steps];
    this.#running = {
      order,
      batch,
      from: at,
      steps,
      phases: [
        {
          run: steps[0]!.run,
          from: at,
          to: at,
        },
      ],
      stepNumber: 1,
      seconds: 0,
      litres: 0,
      startC: this.#temperature,
      additions: 0,
      waterL: 0,
      steamKg: 0,
      batchToldAt: at + late,
      redye: false,
    };
  }

  /** Steam that the next tick would take, kg/h. */
  askSteam(tickS: number): number {
    const running = this.#running;
    const step = running?.steps[0];
    const holdsHeat =
      step !== undefined && (step.run === "hold" || step.run === "dose" || step.run === "sample" || step.run === "addition");
    const lag = this.#setpoint - this.#temperature;
    this.#wantedK = step?.run === "heat" || (holdsHeat && lag > 0.3) ? Math.min((HEATS_KELVIN_A_MINUTE * tickS) / 60, Math.max(0, lag)) : 0;
    return (this.#steamFor(this.#wantedK) * 3_600) / tickS;
  }

  #steamFor(kelvin: number): number {
    const goods = this.#running?.order.loadKg ?? 0;
    return (kelvin * (4.19 * this.#level + 1.5 * goods + 0.5 * 4 * this.row.nominalKg) * 1.12) / KJ_PER_KG_STEAM;
  }

  /** One tick; returns the batch that ended in it. */
  advance(
    at: number,
    tickS: number,
    around: Surroundings,
  ): { readonly truth: BatchTruth; readonly order: Order; readonly redye: boolean } | undefined {
    const running = this.#running;
    const gained = this.#wantedK * around.steamShare;
    const steam = this.#steamFor(gained);
    this.#temperature += gained;
    this.#steamKg += steam;
    if (running === undefined) {
      this.#temperature += (25 - this.#temperature) * 0.0002 * tickS;
      this.#setpoint = 25;
      return undefined;
    }
    running.steamKg += steam;
    this.#temperature -= (this.#temperature - 25) * 0.000008 * tickS;
    this.#energyKWh += (this.row.nominalKg * 0.06 * (running.steps[0]!.run === "load" ? 0.3 : 1) * tickS) / 3_600;
    running.seconds += tickS;
    if (!this.#carryOut(running, running.steps[0]!, tickS, around)) return undefined;
    return this.#nextStep(running, at + tickS * 1e6, around);
  }

  /** Whether the step is over. */
  #carryOut(running: Running, step: Step, tickS: number, around: Surroundings): boolean {
    const { loadKg } = running.order;
    const minutes = running.seconds / 60;
    switch (step.run) {
      case "fill":
        return this.#fill(
          running,
          Math.min(LITRES_PER_KG_MINUTE * this.row.nominalKg * (tickS / 60), step.litres! * this.#bathKg(loadKg) - running.litres),
          step,
          around,
        );
      case "rinse": {
        const total = step.litres! * loadKg;
        this.#takeWater(running, Math.min((total * tickS) / (step.minutes! * 60), total - running.litres), around, true);
        return running.litres >= total - 0.01;
      }
      case "drain":
        this.#level = Math.max(0, this.#level - DRAIN_PER_KG_MINUTE * this.row.nominalKg * (tickS / 60));
        return this.#level === 0;
      case "heat":
        this.#setpoint = Math.min(step.to!, Math.max(this.#setpoint, running.startC + step.gradient! * minutes));
        return this.#setpoint === step.to && this.#temperature > step.to! - 0.5;
      case "cool":
        this.#setpoint = Math.max(step.to!, running.startC - step.gradient! * minutes);
        this.#temperature = Math.max(this.#setpoint, this.#temperature - (step.gradient! * tickS) / 60);
        return this.#temperature <= step.to! + 0.3;
      case "dose":
      case "addition":
        return this.#dose(running, step, tickS, around.kitchen);
      default:
        return minutes >= step.minutes!;
    }
  }

  /** The pump needs a bath as for 85 % of the nominal load: with less in the machine the liquor ratio is longer than the recipe says. */
  #bathKg(loadKg: number): number {
    return Math.max(loadKg, 0.85 * this.row.nominalKg);
  }

  #fill(running: Running, litres: number, step: Step, around: Surroundings): boolean {
    this.#takeWater(running, litres, around, false);
    this.#setpoint = Math.round(this.#temperature);
    return running.litres >= step.litres! * this.#bathKg(running.order.loadKg) - 0.01;
  }

  /** Fresh water mixes with what is there; when rinsing as much runs over. */
  #takeWater(running: Running, litres: number, { freshC }: Surroundings, over: boolean): void {
    const heat = this.#level + 0.35 * running.order.loadKg;
    this.#temperature = (this.#temperature * heat + freshC * litres) / (heat + litres);
    if (!over) this.#level += litres;
    else this.#setpoint = Math.round(this.#temperature);
    running.litres += litres;
    running.waterL += litres;
    this.#waterL += litres;
  }

  /** Dyes are dissolved for one machine at a time; a tank that is empty is waited for. */
  #dose(running: Running, step: Step, tickS: number, kitchen: Kitchen): boolean {
    if (step.tank === "DYES" && !kitchen.takeDissolver(this.row.id)) return false;
    const total = step.litres! * running.order.loadKg;
    const given = kitchen.draw(step.tank!, Math.min((total * tickS) / (step.minutes! * 60), total - running.litres));
    running.litres += given;
    this.#level += given;
    if (running.litres < total - 0.001) return false;
    kitchen.giveDissolver(this.row.id);
    return true;
  }

  #nextStep(running: Running, at: number, around: Surroundings): ReturnType<Jet["advance"]> {
    const done = running.steps.shift()!;
    if (done.run === "sample") this.#judgeShade(running, around);
    running.phases.at(-1)!.to = at;
    const next = running.steps[0];
    if (next === undefined) return this.#end(running, at);
    running.stepNumber++;
    running.seconds = 0;
    running.litres = 0;
    running.startC = this.#temperature;
    if (next.run === "heat") this.#setpoint = this.#temperature;
    running.phases.push({ run: next.run, from: at, to: at });
    return undefined;
  }

  #judgeShade(running: Running, { hardWater }: Surroundings): void {
    const first = running.additions === 0;
    const off = this.#chance.isTrue(!first ? offShade.afterAddition : hardWater ? offShade.hard : offShade.soft);
    if (!off) return;
    if (running.additions < 2) {
      running.additions++;
      running.steps.unshift(...addition);
    } else running.redye = true;
  }

  #end(running: Running, at: number): ReturnType<Jet["advance"]> {
    this.#running = undefined;
    const { order, batch, from, waterL, steamKg, additions, phases, redye } = running;
    const { lot, recipe, loadKg } = order;
    return {
      order,
      redye,
      truth: { machine: this.row.id, batch, lot, recipe: recipe.code, loadKg, from, to: at, waterL, steamKg, additions, phases },
    };
  }

  /** What its controller tells. */
  tell(at: number, archive: PlantArchive): void {
    const { id, waterBits, nominalKg } = this.row;
    const running = this.#running;
    const known = running !== undefined && at >= running.batchToldAt ? running : undefined;
    archive.put(`${id}.BatchId`, known?.batch ?? "", at);
    archive.put(`${id}.Recipe`, known?.order.recipe.code ?? "", at);
    // as somebody types it: to the next five kilograms
    archive.put(`${id}.Load`, known === undefined ? 0 : Math.round(known.order.loadKg / 5) * 5, at);
    archive.put(`${id}.Step`, running?.stepNumber ?? 0, at);
    archive.put(`${id}.Function`, functions[running?.steps[0]?.run ?? "idle"], at);
    archive.put(`${id}.Temperature`, Math.round(this.#temperature * 10) / 10, at, 0.15);
    archive.put(`${id}.Setpoint`, Math.round(this.#setpoint * 10) / 10, at, 0.15);
    archive.put(`${id}.Level`, Math.round(this.#level), at, nominalKg * 0.02);
    archive.put(`${id}.Water`, Math.floor(this.#waterL) % 2 ** waterBits, at, running === undefined ? 0 : nominalKg * 0.02);
    archive.put(`${id}.Steam`, Math.floor(this.#steamKg), at, 1);
    archive.put(`${id}.Energy`, Math.floor(this.#energyKWh), at);
  }
}
