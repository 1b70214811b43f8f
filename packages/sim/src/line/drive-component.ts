import type { Json } from "@doppelwerk/world";
import type { ComponentDeclaration, ComponentStation } from "./component.ts";

/** What arrives at a place. */
export interface ComponentWork {
  /** Seconds since 1970. */
  readonly atS: number;
  /** Of the station, from 0. */
  readonly place: number;
  /** Absent: a part of no product. */
  readonly product?: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Product that the place worked on before; absent at the first. */
  readonly previous?: string;
  /** Times that the part was rejected so far. */
  readonly rejects: number;
  /** Numbers that the place keeps, as the last answer left them. */
  readonly state: Readonly<Record<string, number>>;
  /** Numbers that the part carries. */
  readonly part: Readonly<Record<string, number>>;
  /** The next number in (0, 1): the same part draws the same numbers in every variant of a line. */
  random(): number;
}

export interface ComponentStep {
  readonly seconds: number;
  /** A resource of the line, held for this step and waited for before it. */
  readonly holds?: string;
}

/** What becomes of it. What is left out stays as it is. */
export interface ComponentAnswer {
  /** One after another; `seconds` where there is one. */
  readonly steps?: readonly ComponentStep[];
  readonly seconds?: number;
  /** Default `pass`. `rework`: the way that rejects go at the station; where there is none, scrap. */
  readonly outcome?: "pass" | "rework" | "scrap";
  readonly state?: Readonly<Record<string, number>>;
  readonly part?: Readonly<Record<string, number>>;
  /** Used up by this part. */
  readonly uses?: Readonly<Record<string, number>>;
}

/** Default export of the module of a component: opened for each station of a run. It keeps nothing but what it answers as `state`. */
export interface StationComponent<Parameters = Readonly<Record<string, Json>>> {
  open(station: Omit<ComponentStation, "parameters"> & { readonly parameters: Parameters }): {
    begin(work: ComponentWork): ComponentAnswer;
  };
}

/**
 * Between rows of numbers (`OpenComponent`) and the objects that authors write with. It also runs inside a sandbox, as text: it uses nothing of this file
 * or another. Throws an error named `AnswerError` whose message is the place of an answer that is none.
 */
export function driveComponent(
  component: StationComponent,
  declared: ComponentDeclaration,
  station: ComponentStation,
): (row: Float64Array) => Float64Array {
  const FIELDS = 5;
  const OUTCOMES = ["pass", "rework", "scrap"];
  const wrong = (place: string): Error => Object.assign(new Error(place), { name: "AnswerError" });
  const opened = component.open({ ...station, parameters: { ...declared.defaults, ...station.parameters } });
  if (typeof opened !== "object" || opened === null || typeof opened.begin !== "function") throw wrong("begin");
  const uses = declared.uses.map(({ id }) => id);
  const named = (names: readonly string[], row: Float64Array, from: number): Record<string, number> => {
    const values: Record<string, number> = {};
    for (let index = 0; index < names.length; index++) values[names[index]!] = row[from + index]!;
    return values;
  };
  const finite = (value: unknown, place: string): number => {
    if (typeof value !== "number" || !(value - value === 0)) throw wrong(place);
    return value;
  };
  const write = (into: number[], names: readonly string[], before: Record<string, number>, given: unknown, place: string): void => {
    if (given !== undefined && (typeof given !== "object" || given === null)) throw wrong(place);
    const values = (given ?? {}) as Record<string, unknown>;
    for (const name in values) if (!names.includes(name)) throw wrong(`${place}.${name}`);
    for (const name of names) into.push(finite(values[name] ?? before[name] ?? 0, `${place}.${name}`));
  };
  return (row) => {
    const product = station.products[row[2]!];
    const previous = station.products[row[3]!];
    const state = named(declared.state, row, FIELDS);
    const part = named(declared.part, row, FIELDS + declared.state.length);
    let drawn = FIELDS + declared.state.length + declared.part.length;
    const work = {
      atS: row[0]!,
      place: row[1]!,
      ...(product === undefined ? {} : { product: product.id }),
      attributes: product === undefined ? {} : product.attributes,
      ...(previous === undefined ? {} : { previous: previous.id }),
      rejects: row[4]!,
      state,
      part,
      random() {
        if (drawn >= row.length) throw wrong(`random: more than ${declared.draws} numbers`);
        return row[drawn++]!;
      },
    };
    // what it writes into what it was given is not meant
    const before = { state: { ...state }, part: { ...part } };
    const answer = opened.begin(work);
    if (typeof answer !== "object" || answer === null) throw wrong("answer");
    const outcome = OUTCOMES.indexOf(answer.outcome ?? "pass");
    if (outcome < 0) throw wrong("outcome");
    const steps: number[] = [];
    const given = answer.steps ?? [{ seconds: answer.seconds! }];
    for (let index = 0; index < given.length; index++) {
      const { seconds, holds } = given[index]!;
      const place = answer.steps === undefined ? "" : `steps[${index}].`;
      if (finite(seconds, `${place}seconds`) < 0) throw wrong(`${place}seconds`);
      const resource = holds === undefined ? -1 : declared.resources.indexOf(holds);
      if (holds !== undefined && resource < 0) throw wrong(`${place}holds`);
      if (steps.length > 0 && steps[steps.length - 1] === resource) steps[steps.length - 2]! += seconds;
      else steps.push(seconds, resource);
    }
    const out: number[] = [outcome, steps.length / 2, ...steps];
    write(out, declared.state, before.state, answer.state, "state");
    write(out, declared.part, before.part, answer.part, "part");
    write(out, uses, {}, answer.uses, "uses");
    return Float64Array.from(out);
  };
}
