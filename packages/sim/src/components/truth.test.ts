import { expect, test } from "vitest";
import { judge, truths } from "./truths.fixture.ts";

// The long form (`npm run soak`): 200 experiments a value; the short form only catches what is plainly wrong.
const soak = process.env["SOAK"] === "1";
const verdicts: { readonly id: string; readonly covered: number }[] = [];

function hold(rule: string): void {
  for (const truth of truths.filter(({ id }) => id.startsWith(`${rule} `)))
    for (const { id, value, covered, mean, standardError } of judge(truth, soak ? 200 : 4, soak ? 1 : 0.06)) {
      if (soak) {
        console.log(`${id}: ${covered} of 200 intervals cover ${value}, mean ${mean}`);
        verdicts.push({ id, covered });
        expect(covered, id).toBeGreaterThanOrEqual(181);
        expect(Math.abs(mean / value - 1), id).toBeLessThan(0.005);
      } else expect(Math.abs(mean - value), id).toBeLessThan(6 * standardError + 0.08 * value);
    }
}

test("[C30] queues have their exact waits: M/M/c, M/D/1, M/E2/1, M/H2/1", () => hold("C30"));
test("[C31] open and closed networks of queues have their exact figures", () => hold("C31"));
test("[C32] saturated exponential lines and buffer allocations have their exact throughput", () => hold("C32"));
test("[C33] two machines with failures by cycles and a finite buffer have their exact throughput and content", () => hold("C33"));
test("[C34] a machine alone is available MTBF ÷ (MTBF + MTTR) of its time", () => hold("C34"));

test("[C36] machines that one robot empties have the exact throughput of machine interference", () => hold("C36"));
test("[C37] items that draw litres wait exactly as before a constant server", () => hold("C37"));

test("[C35] over all exact values together 94 to 96 % of the intervals cover the truth", () => {
  if (!soak) return;
  const experiments = verdicts.length * 200;
  const share = verdicts.reduce((sum, { covered }) => sum + covered, 0) / experiments;
  console.log(`${experiments} experiments, ${(100 * share).toFixed(2)} % cover`);
  expect(experiments).toBeGreaterThanOrEqual(5000);
  expect(share).toBeGreaterThanOrEqual(0.94);
  expect(share).toBeLessThanOrEqual(0.96);
});
