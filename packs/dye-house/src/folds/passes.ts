import type { PackFold } from "@doppelwerk/kit";
import { count, type Counter } from "../model/counter.ts";

/** A lot that has passed a range. Short names: it is kept as text of a sample, whose time is its end. */
export interface LotPassed {
  readonly b: string;
  /** Its beginning, µs. */
  readonly f: number;
  /** Water, L; steam, kg; gas, m³; length, m. */
  readonly w: number;
  readonly st: number;
  readonly g: number;
  readonly m: number;
  /** Largest deviation of a zone from its setpoint, K, and the zone; 0 where it has none. */
  readonly dev: number;
  readonly zone: number;
}

interface Fields {
  readonly rangeKind: string;
}

/** Plain JSON. */
interface State {
  batch: string;
  /** 0: nothing passes. */
  from: number;
  counters: Record<"water" | "steam" | "gas" | "length", Counter>;
  zones: (number | undefined)[];
  sets: (number | undefined)[];
  worstK: number;
  worstZone: number;
}

const BAD = 2;
/** In these minutes the zones come to the temperature of the lot. */
const SETTLES_US = 15 * 60e6;
const METER_BITS = 32;

function empty(): State {
  const counter = (): Counter => ({ last: undefined, sum: 0 });
  const counters = { water: counter(), steam: counter(), gas: counter(), length: counter() };
  return { batch: "", from: 0, counters, zones: [], sets: [], worstK: 0, worstZone: 0 };
}

/** Lots that pass a range one after the other, with what they took. */
const passes: PackFold<Fields, State> = {
  open(_instance, emit, state = empty()) {
    let next = state.batch;
    const end = (): void => {
      if (state.from === 0) return;
      const { counters } = state;
      const passed: LotPassed = {
        b: state.batch,
        f: state.from,
        w: Math.round(counters.water.sum),
        st: Math.round(counters.steam.sum * 10) / 10,
        g: Math.round(counters.gas.sum * 10) / 10,
        m: Math.round(counters.length.sum),
        dev: Math.round(state.worstK * 10) / 10,
        zone: state.worstZone,
      };
      emit("pass", JSON.stringify(passed));
    };
    return {
      take({ input, value, text, quality }) {
        if (quality === BAD) return;
        const name = input.replace("Signal", "");
        const [, kind, number] = /^(zone|set)(\d)$/.exec(name) ?? [];
        if (name === "batch") next = text ?? "";
        else if (kind !== undefined && Number.isFinite(value)) state[kind === "zone" ? "zones" : "sets"][Number(number) - 1] = value;
        else if (Object.hasOwn(state.counters, name) && Number.isFinite(value))
          count(state.counters[name as keyof State["counters"]], value, METER_BITS);
      },
      settle(at) {
        if (next !== state.batch) {
          end();
          state.batch = next;
          state.from = next === "" ? 0 : at;
          state.worstK = 0;
          state.worstZone = 0;
          for (const counter of Object.values(state.counters)) counter.sum = 0;
        }
        if (state.from === 0 || at - state.from < SETTLES_US) return;
        for (const [zone, actual] of state.zones.entries()) {
          const deviation = (actual ?? Number.NaN) - (state.sets[zone] ?? Number.NaN);
          if (Math.abs(deviation) <= Math.abs(state.worstK)) continue;
          if (Number.isNaN(deviation)) continue;
          state.worstK = deviation;
          state.worstZone = zone + 1;
        }
      },
      snapshot: () => state,
    };
  },
};
export default passes;
