import { message, type Message } from "@doppelwerk/kit";
import type { Instant } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { expectedOf, leastSquares, type Regression } from "./least-squares.ts";

/** A day: what was used, and the value of each relevant variable. What is not known is absent, and the day is not used. */
export interface BaselineDay {
  readonly at: Instant;
  readonly amount?: number | undefined;
  readonly variables: readonly (number | undefined)[];
}

/** A day that is known whole, beside what the baseline expects of it. */
export interface PerformanceDay {
  readonly at: Instant;
  readonly amount: number;
  readonly expected: number;
  /** Sum of amount − expected up to this day. */
  readonly cusum: number;
}

export interface Performance {
  readonly regression: Regression | undefined;
  readonly days: readonly PerformanceDay[];
  /** Actual over expected of all days; below 1: less was used than the baseline expects (ISO 50006). */
  readonly enpi: number | undefined;
  /** Days of the baseline, and of the reporting period, of which something is not known. */
  readonly skipped: { readonly baseline: number; readonly reporting: number };
  readonly findings: readonly Message[];
}

/** Limits of validity: R² as usual with ISO 50006; CV(RMSE) of ASHRAE Guideline 14 for less than twelve months of data; p of SEP's measurement protocol. */
export const LIMITS = { r2: 0.75, cvRmse: 0.2, nmbe: 0.005, p: 0.2, days: 12, daysAVariable: 6 } as const;

/** The baseline of a period, and what of another period it expects. */
export function performanceOf(baseline: readonly BaselineDay[], reporting: readonly BaselineDay[], titles: readonly string[]): Performance {
  const [known, asked] = [baseline.filter(isKnown), reporting.filter(isKnown)];
  const skipped = { baseline: baseline.length - known.length, reporting: reporting.length - asked.length };
  const regression = leastSquares(
    known.map(({ variables }) => variables),
    known.map(({ amount }) => amount),
  );
  if (regression === undefined) {
    const needed = Math.max(LIMITS.days, LIMITS.daysAVariable * titles.length);
    const isFew = known.length < needed;
    const why = isFew
      ? message("energy.finding.fewDays", { count: known.length, least: needed })
      : message("energy.finding.dependent", { names: titles.join(", ") });
    return { regression, days: [], enpi: undefined, skipped, findings: [why] };
  }
  let cusum = 0;
  const days = asked.map(({ at, amount, variables }): PerformanceDay => {
    const expected = expectedOf(regression.coefficients, variables);
    cusum += amount - expected;
    return { at, amount, expected, cusum };
  });
  const [used, expected] = [days.reduce((sum, each) => sum + each.amount, 0), days.reduce((sum, each) => sum + each.expected, 0)];
  return {
    regression,
    days,
    enpi: days.length > 0 && expected > 0 ? used / expected : undefined,
    skipped,
    findings: [...validityOf(regression, titles), ...extrapolated(known, asked, titles)],
  };
}

interface KnownDay {
  readonly at: Instant;
  readonly amount: number;
  readonly variables: readonly number[];
}

function isKnown(day: BaselineDay): day is KnownDay {
  return day.amount !== undefined && day.variables.every((value) => value !== undefined && Number.isFinite(value));
}

const percent = (share: number): number => Math.round(share * 1_000) / 10;

/** Why a baseline should not be relied on. */
function validityOf(regression: Regression, titles: readonly string[]): readonly Message[] {
  const { n, r2, cvRmse, pValues } = regression;
  const findings: Message[] = [];
  const needed = Math.max(LIMITS.days, LIMITS.daysAVariable * titles.length);
  if (n < needed) findings.push(message("energy.finding.fewDays", { count: n, least: needed }));
  if (titles.length > 0 && r2 < LIMITS.r2)
    findings.push(message("energy.finding.r2", { r2: Math.round(r2 * 1_000) / 1_000, least: LIMITS.r2 }));
  if (!(Math.abs(cvRmse) <= LIMITS.cvRmse))
    findings.push(message("energy.finding.cvRmse", { share: percent(cvRmse), most: percent(LIMITS.cvRmse) }));
  for (const [at, title] of titles.entries()) {
    const p = pValues[at + 1]!;
    if (!(p <= LIMITS.p)) findings.push(message("energy.finding.pValue", { name: title, p: Math.round(p * 1_000) / 1_000 }));
  }
  return findings;
}

/** Days with a variable beyond all days of the baseline: what is expected of them was never seen. */
function extrapolated(baseline: readonly KnownDay[], reporting: readonly KnownDay[], titles: readonly string[]): readonly Message[] {
  return titles.flatMap((title, at) => {
    const values = baseline.map(({ variables }) => variables[at]!);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const beyond = reporting.filter(({ variables }) => variables[at]! < low || variables[at]! > high).length;
    return beyond === 0 ? [] : [message("energy.finding.beyond", { name: title, count: beyond })];
  });
}

/** Degree days of a mean temperature: how far it is below (heating) or above (cooling) the base. */
export function degreeDays(meanC: number | undefined, baseC: number, kind: "heatingDegreeDays" | "coolingDegreeDays"): number | undefined {
  if (meanC === undefined || !Number.isFinite(meanC)) return undefined;
  return Math.max(0, kind === "heatingDegreeDays" ? baseC - meanC : meanC - baseC);
}
