/** What a KPI should reach. `warning` is the bound beyond which somebody should look; `better`: 1 = more is better. */
export interface KpiTarget {
  readonly target: number;
  readonly warning: number;
  readonly better: 1 | -1;
}

export interface TargetState {
  /** Reached, between target and warning bound, or beyond the bound. */
  readonly standing: "met" | "near" | "missed";
  /** Value less target. */
  readonly deviation: number;
}

export function targetState(value: number, { target, warning, better }: KpiTarget): TargetState {
  const standing = better * (value - target) >= 0 ? "met" : better * (value - warning) >= 0 ? "near" : "missed";
  return { standing, deviation: value - target };
}
