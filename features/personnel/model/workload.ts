import { keyIndicatorLhc, LHC_FACTORS, LHC_FROM_KG, rangeOfScore, type LhcFactor, type LhcTask } from "./key-indicator-lhc.ts";
import { compositeIndex, liftingIndex, MULTIPLIERS, rangeOfIndex, type Lift, type Multiplier } from "./lifting-equation.ts";
import type { TaskFields } from "./task-kind.ts";

/** What a station did in a shift, and how many shared it. */
export interface StationWork {
  /** Counted; absent: the station does not count, or nothing is known of the shift. */
  readonly pieces?: number;
  /** Hours that the pieces were counted in, without breaks. */
  readonly countedHours: number;
  /** Hours of the whole shift without breaks. */
  readonly hours: number;
  /** On the roster at the station. */
  readonly people: number;
}

export type RiskRange = 1 | 2 | 3 | 4;

/** One of the inputs of a method that are not there, or the limit that it ends at. */
export type MissingInput = keyof TaskFields | "pieces" | "people" | "fromKg";

export type TaskLoad =
  | {
      readonly task: TaskFields;
      readonly isKnown: true;
      /** Lifting index, or the score of the sheet; absent where the equation has no limit weight. */
      readonly value?: number;
      readonly range: RiskRange;
      /** What contributes most, or limits most. */
      readonly factor: Multiplier | LhcFactor;
      readonly factorValue: number;
      readonly perHour: number;
      readonly rwlKg?: number;
    }
  | { readonly task: TaskFields; readonly isKnown: false; readonly missing: readonly MissingInput[] };

/** Of one person at the station. Handling by the hour of all of them is shared evenly. */
function perHourOf({ perHour, perPiece }: TaskFields, { pieces, countedHours, people }: StationWork): number | undefined {
  if (people === 0) return undefined;
  if (perHour !== undefined) return perHour / people;
  return pieces === undefined || countedHours <= 0 ? undefined : (pieces * perPiece) / countedHours / people;
}

export function loadOf(task: TaskFields, work: StationWork): TaskLoad {
  const perHour = perHourOf(task, work);
  const missing: MissingInput[] = [];
  if (work.people === 0) missing.push("people");
  else if (perHour === undefined) missing.push("pieces");
  const needed: readonly (keyof TaskFields)[] =
    task.method === "niosh"
      ? ["weightKg", "horizontalCm", "verticalCm", "distanceCm", "angleDeg", "coupling"]
      : ["weightKg", "population", "posture", "handling", "conditions", "organisation"];
  missing.push(...needed.filter((field) => task[field] === undefined));
  if (task.method === "kimLhc" && task.weightKg !== undefined && task.weightKg < LHC_FROM_KG) missing.push("fromKg");
  if (missing.length > 0 || perHour === undefined) return { task, isKnown: false, missing };
  return task.method === "niosh" ? byEquation(task, perHour, work.hours) : bySheet(task, perHour, work.hours);
}

const liftOf = (task: TaskFields, perHour: number, hours: number): Lift => ({
  ...(task as Required<TaskFields>),
  perMinute: perHour / 60,
  hours,
});

function byEquation(task: TaskFields, perHour: number, hours: number): TaskLoad {
  const { multipliers, li, rwlKg } = liftingIndex(liftOf(task, perHour, hours));
  const factor = MULTIPLIERS.reduce((least, each) => (multipliers[each] < multipliers[least] ? each : least));
  return {
    task,
    isKnown: true,
    ...(li !== undefined && { value: li }),
    range: rangeOfIndex(li),
    factor,
    factorValue: multipliers[factor],
    perHour,
    rwlKg,
  };
}

function bySheet(task: TaskFields, perHour: number, hours: number): TaskLoad {
  const { points, score } = keyIndicatorLhc({ ...(task as Required<TaskFields> & LhcTask), perDay: perHour * hours });
  const factor = LHC_FACTORS.reduce((most, each) => (points[each] > points[most] ? each : most));
  return { task, isKnown: true, value: score, range: rangeOfScore(score), factor, factorValue: points[factor], perHour };
}

export interface StationLoad {
  readonly tasks: readonly TaskLoad[];
  /** Composite lifting index, where two tasks or more of the equation are known. */
  readonly composite?: number;
  /** The highest of its tasks and of the composite index; absent where nothing is known. */
  readonly range?: RiskRange;
}

/** Tasks of one station, which one person does in turn. */
export function stationLoad(tasks: readonly TaskFields[], work: StationWork): StationLoad {
  const loads = tasks.map((task) => loadOf(task, work));
  const known = loads.filter((load) => load.isKnown);
  const lifts = known.filter(({ task }) => task.method === "niosh");
  const composite = lifts.length < 2 ? undefined : compositeIndex(lifts.map(({ task, perHour }) => liftOf(task, perHour, work.hours)));
  const ranges = [...known.map(({ range }) => range), ...(lifts.length < 2 ? [] : [rangeOfIndex(composite)])];
  return {
    tasks: loads,
    ...(composite !== undefined && { composite }),
    ...(ranges.length > 0 && { range: Math.max(...ranges) as RiskRange }),
  };
}
