import type { UnitId } from "../signals/unit.ts";
import { hashNormal, hashNumber } from "./chance.ts";

/** A finished cycle, as the results of it are written. */
export interface FinishedPart {
  readonly unit: UnitId;
  readonly serial: number;
  readonly place: number;
  readonly tries: number;
  readonly cycleS: number;
  readonly passed: boolean;
  readonly product: string | undefined;
  /** Wear of the screwing spindle, 0–1, and whether its drift or a quality fault is switched on. */
  readonly wear: number;
  readonly spindleDrift: boolean;
  readonly qualityFault: boolean;
}

/** Mean and standard deviation of results that depend on nothing else. */
const plainResults: Readonly<Partial<Record<UnitId, Readonly<Record<string, readonly [mean: number, deviation: number]>>>>> = {
  T10: { PressForcePeak: [46, 1.4], PressStroke: [84.2, 0.06], PressWork: [910, 28] },
  T20: { WeldTime: [2.35, 0.06] },
  T30: { Torque1: [21, 0.35], Torque2: [21, 0.35], Torque3: [21, 0.35], Torque4: [21, 0.4] },
  S030: { Torque: [14, 0.4] },
  S040: { BeltFrequency: [128, 3.2], MotorTorque: [9.2, 0.25] },
  S050: { ClampForce: [285, 9] },
  S070: { DoorTorque: [4.2, 0.12], HingeOffset: [0.05, 0.22], DoorForce: [46, 2.6] },
  S100: {
    LeakageCurrent: [0.42, 0.05],
    InsulationResistance: [98_000, 9000],
    HeaterPower: [1985, 18],
    MotorPower: [412, 11],
    SpinSpeed: [1400, 6],
    WaterFlow: [8.4, 0.2],
  },
  S120: { FilmTension: [92, 3] },
};

/** The numbers a test or a tool leaves behind, by role. They agree with the verdict. */
export function partResults(part: FinishedPart, seed: number): readonly (readonly [role: string, value: number])[] {
  const results: (readonly [string, number])[] = [];
  const normal = (salt: number) => hashNormal(seed + salt * 7919, part.serial, part.tries * 64 + part.place);
  const chance = (salt: number) => hashNumber(seed + salt * 104_729, part.serial, part.tries * 64 + part.place);
  let salt = part.unit.charCodeAt(1) * 10 + part.unit.charCodeAt(2);
  for (const [role, [mean, deviation]] of Object.entries(plainResults[part.unit] ?? {}))
    results.push([role, mean + deviation * normal(salt++)]);
  if (part.unit === "T20") {
    const n = part.place + 1;
    results.push([`WeldEnergy${n}`, 1840 + 35 * normal(salt) + 40 * part.place], [`WeldDepth${n}`, 1.62 + 0.05 * normal(salt + 1)]);
  }
  if (part.unit === "S050") results.push([`ClampOk${part.place + 1}`, chance(salt) < 0.995 ? 1 : 0]);
  if (part.unit === "S060") results.push([`PickToLightOk${part.place + 1}`, chance(salt) < 0.992 ? 1 : 0]);
  if (part.unit === "S080") results.push(...screws(part, normal));
  if (part.unit === "S090") results.push(...leak(part, normal, chance));
  if (part.unit === "S100" && !part.passed) results.push(["LeakageCurrent", 0.8 + 0.9 * chance(salt)]);
  if (part.unit === "S110") results.push(["CameraScore", 96.5 - 1.8 * Math.abs(normal(salt))]);
  if (part.unit === "R10") results.push(["ReworkMinutes", part.cycleS / 60]);
  return results;
}

export const defectCodes = ["E12 hose clamp", "E14 door seal", "E21 pump seat", "E27 harness plug", "E33 heater", "E41 scratch"] as const;

export function defectCode(serial: number, seed: number): string {
  return defectCodes[Math.floor(hashNumber(seed + 31, serial, 5) * defectCodes.length)]!;
}

/** A worn spindle turns further for a little less torque. */
function screws(part: FinishedPart, normal: (salt: number) => number): readonly (readonly [string, number])[] {
  const drift = part.spindleDrift ? 0.35 : 0;
  return Array.from({ length: 6 }, (_, i) => i).flatMap((i) => [
    [`Torque${i + 1}`, 6.2 - 0.25 * part.wear - drift + (0.1 + 0.05 * part.wear) * normal(300 + i)] as const,
    [`Angle${i + 1}`, 742 + 6 * i + 22 * part.wear + 60 * drift + 9 * normal(320 + i)] as const,
  ]);
}

/** The limit is 0.40 kPa. */
function leak(
  part: FinishedPart,
  normal: (salt: number) => number,
  chance: (salt: number) => number,
): readonly (readonly [string, number])[] {
  const n = part.place + 1;
  const good = Math.min(
    0.385,
    (part.qualityFault ? 0.24 : 0.12) + 0.006 * part.place + (part.qualityFault ? 0.07 : 0.035) * Math.abs(normal(400)),
  );
  const drop = part.passed ? good : 0.41 + 0.6 * chance(401) ** 2;
  return [
    [`PressureDrop${n}`, drop],
    [`FillVolume${n}`, (part.product === "WD8" ? 7.6 : 9.4) + 0.12 * normal(402)],
  ];
}
