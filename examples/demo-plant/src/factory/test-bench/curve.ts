import { hashNormal } from "../../truth/chance.ts";

/** A tightening as the controller of a nutrunner records it. */
export interface Curve {
  /** Degrees of the spindle and newton metres, ascending in angle. */
  readonly points: readonly (readonly [angle: number, torque: number])[];
}

export interface Tightening {
  readonly seed: number;
  /** Depends on it and on nothing else what is chance in it. */
  readonly key: number;
  readonly torque: number;
  readonly angle: number;
  /** Torque while the screw runs down, N·m. */
  readonly rundownTorque: number;
  /** Angle at which the head seats; the rest of `angle` is elastic. */
  readonly seatingAngle: number;
}

const POINTS = 60;

/**
 * The screw runs down against friction, seats, and is drawn tight: the last third of the curve carries most points. The last point is what the line's
 * controller says.
 */
export function curveOf({ seed, key, torque, angle, rundownTorque, seatingAngle }: Tightening): Curve {
  const points = Array.from({ length: POINTS }, (_, index): readonly [number, number] => {
    const share = (index + 1) / POINTS;
    const at = share <= 1 / 3 ? share * 3 * seatingAngle : seatingAngle + ((share - 1 / 3) / (2 / 3)) * (angle - seatingAngle);
    const elastic = at <= seatingAngle ? 0 : (at - seatingAngle) / (angle - seatingAngle);
    const exact = rundownTorque + (torque - rundownTorque) * elastic;
    const noise = index === POINTS - 1 ? 0 : 0.012 * torque * hashNormal(seed + 211, key, index);
    return [Math.round(at * 10) / 10, Math.round(Math.max(0, exact + noise) * 1000) / 1000];
  });
  return { points };
}

/** What a bench reads off a curve. */
export function featuresOf({ points }: Curve): {
  readonly rundownTorque: number;
  readonly seatingAngle: number;
  readonly steepness: number;
} {
  const down = points.slice(2, 18);
  const rundownTorque = down.reduce((sum, [, torque]) => sum + torque, 0) / down.length;
  const tight = points.slice(25);
  // least squares over what is surely elastic
  const meanAngle = tight.reduce((sum, [angle]) => sum + angle, 0) / tight.length;
  const meanTorque = tight.reduce((sum, [, torque]) => sum + torque, 0) / tight.length;
  const over = tight.reduce((sum, [angle, torque]) => sum + (angle - meanAngle) * (torque - meanTorque), 0);
  const steepness = over / tight.reduce((sum, [angle]) => sum + (angle - meanAngle) ** 2, 0);
  const seatingAngle = meanAngle - (meanTorque - rundownTorque) / steepness;
  return { rundownTorque, seatingAngle, steepness };
}
