import { DAY } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { degreeDays, performanceOf, type BaselineDay } from "./enpi.ts";
import { incompleteBeta, leastSquares, twoSided } from "./least-squares.ts";

/** NIST StRD Longley: employment against GNP deflator, GNP, unemployed, armed forces, population, year. */
const LONGLEY = `60323 83.0 234289 2356 1590 107608 1947
61122 88.5 259426 2325 1456 108632 1948
60171 88.2 258054 3682 1616 109773 1949
61187 89.5 284599 3351 1650 110929 1950
63221 96.2 328975 2099 3099 112075 1951
63639 98.1 346999 1932 3594 113270 1952
64989 99.0 365385 1870 3547 115094 1953
63761 100.0 363112 3578 3350 116219 1954
66019 101.2 397469 2904 3048 117388 1955
67857 104.6 419180 2822 2857 118734 1956
68169 108.4 442769 2936 2798 120445 1957
66513 110.8 444546 4681 2637 121950 1958
68655 112.6 482704 3813 2552 123366 1959
69564 114.2 502601 3931 2514 125368 1960
69331 115.7 518173 4806 2572 127852 1961
70551 116.9 554894 4007 2827 130081 1962`
  .split("\n")
  .map((line) => line.split(" ").map(Number));

/** Days of pieces, degree days and kWh. */
const DAYS = [
  [120, 4.0, 431.2],
  [98, 7.5, 405.6],
  [0, 9.0, 151.3],
  [130, 2.1, 442.9],
  [125, 0.0, 415.0],
  [110, 12.2, 461.7],
  [60, 8.4, 303.2],
  [0, 11.3, 166.0],
  [140, 5.5, 489.9],
  [135, 3.3, 462.2],
  [90, 6.1, 377.4],
  [115, 1.0, 398.8],
] as const;

const near = (actual: number, expected: number, digits: number): void =>
  expect(Math.abs(actual / expected - 1), `${actual} against ${expected}`).toBeLessThan(10 ** -digits);

test("[EG13] least squares has the certified values of NIST's Longley, which is nearly dependent", () => {
  const found = leastSquares(
    LONGLEY.map(([, ...row]) => row),
    LONGLEY.map(([value]) => value!),
  )!;
  const certified = [
    [-3482258.63459582, 890420.383607373],
    [15.0618722713733, 84.9149257747669],
    [-0.35819179292591e-1, 0.334910077722432e-1],
    [-2.02022980381683, 0.488399681651699],
    [-1.03322686717359, 0.214274163161675],
    [-0.511041056535807e-1, 0.22607320006937],
    [1829.15146461355, 455.478499142212],
  ] as const;
  for (const [at, [value, error]] of certified.entries()) {
    near(found.coefficients[at]!, value, 7);
    near(found.standardErrors[at]!, error, 7);
  }
  near(found.residualError, 304.854073561965, 9);
  near(found.r2, 0.995479004577296, 11);
});

test("[EG13] coefficients, errors, p-values, R² and CV(RMSE) are those of a second program (numpy, scipy)", () => {
  const found = leastSquares(
    DAYS.map(([pieces, degrees]) => [pieces, degrees]),
    DAYS.map(([, , kWh]) => kWh),
  )!;
  for (const [at, value] of [89.37084309276675, 2.616576565879407, 7.021795446082748].entries()) near(found.coefficients[at]!, value, 10);
  for (const [at, value] of [5.913563201608421, 0.03806199407180586, 0.4717769920284567].entries())
    near(found.standardErrors[at]!, value, 10);
  for (const [at, value] of [1.0569827320845254e-7, 1.4733751403505893e-13, 1.2069654850903002e-7].entries())
    near(found.pValues[at]!, value, 6);
  near(found.r2, 0.9985610842651234, 11);
  near(found.cvRmse, 0.012514757042541319, 10);
  near(twoSided(2.5, 7), 0.04099221858575289, 10);
  near(twoSided(0.1, 1), 0.936548965138893, 10);
  near(twoSided(12, 40), 7.82417130425598e-15, 6);
  expect([incompleteBeta(0, 2, 3), incompleteBeta(1, 2, 3), incompleteBeta(0.5, 2, 2)]).toEqual([0, 1, expect.closeTo(0.5, 12)]);
});

test("[EG13] too few rows, and variables that follow from one another, have no regression", () => {
  expect(leastSquares([[1], [2]], [1, 2])).toBeUndefined();
  expect(
    leastSquares(
      [1, 2, 3, 4, 5].map((x) => [x, 2 * x + 1]),
      [1, 3, 2, 5, 4],
    ),
  ).toBeUndefined();
  expect(leastSquares([], [])).toBeUndefined();
});

const day = (at: number, amount: number | undefined, ...variables: (number | undefined)[]): BaselineDay => ({
  at: at * DAY,
  amount,
  variables,
});
const CODES = (performance: ReturnType<typeof performanceOf>) => performance.findings.map(({ code }) => code);

test("[EG14] actual over expected is the indicator, their differences add up to the CUSUM, and days that are not known are left out and counted", () => {
  // 100 kWh a day and 2 a piece, by hand
  const pieces = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 15, 25];
  const baseline = [...pieces.map((each, at) => day(at, 100 + 2 * each, each)), day(12, undefined, 50), day(13, 200, undefined)];
  const reporting = [day(20, 190, 50), day(21, 230, 60), day(22, 100, undefined)];
  const found = performanceOf(baseline, reporting, ["pieces"]);
  expect(found.regression!.coefficients).toEqual([expect.closeTo(100, 8), expect.closeTo(2, 10)]);
  expect(found.days.map(({ expected, cusum }) => [expected, cusum])).toEqual([
    [expect.closeTo(200, 8), expect.closeTo(-10, 8)],
    [expect.closeTo(220, 8), expect.closeTo(0, 8)],
  ]);
  expect(found.enpi).toBeCloseTo(420 / 420, 10);
  expect(found.skipped).toEqual({ baseline: 2, reporting: 1 });
  expect(found.findings).toEqual([]);
});

test("[EG14] a baseline that should not be relied on says why: few days, R², CV(RMSE), p-value, and values that it never saw", () => {
  const noise = [9, -30, 25, -8, 31, -27, 4, 30, -29, 12, -21, 17];
  const poor = noise.map((each, at) => day(at, 50 + each, at % 3));
  const codes = CODES(performanceOf(poor, [day(30, 60, 9)], ["shifts"]));
  expect(codes).toEqual(["energy.finding.r2", "energy.finding.cvRmse", "energy.finding.pValue", "energy.finding.beyond"]);
  expect(CODES(performanceOf(poor.slice(0, 5), [], ["shifts"]))).toContain("energy.finding.fewDays");
  const dependent = noise.map((each, at) => day(at, 50 + each, at, 2 * at));
  expect(CODES(performanceOf(dependent, [], ["a", "b"]))).toEqual(["energy.finding.dependent"]);
  expect(performanceOf([], [], []).enpi).toBeUndefined();
});

test("[EG13] degree days are how far a mean is beyond the base", () => {
  expect([
    degreeDays(5, 15, "heatingDegreeDays"),
    degreeDays(20, 15, "heatingDegreeDays"),
    degreeDays(26, 18, "coolingDegreeDays"),
  ]).toEqual([10, 0, 8]);
  expect(degreeDays(Number.NaN, 15, "heatingDegreeDays")).toBeUndefined();
});
