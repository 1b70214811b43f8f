import { expect, test } from "vitest";
import { componentTruths, exactTruths } from "./component-truths.fixture.ts";
import { runFlow } from "./flow-run.ts";
import { judge, truths } from "./truths.fixture.ts";
import { validateFlowModel } from "./validate-flow.ts";

// The long form (`npm run soak`): 200 experiments a value; the short form only catches what is plainly wrong.
const soak = process.env["SOAK"] === "1";
const verdicts: { readonly id: string; readonly covered: number }[] = [];

function hold(rule: string): void {
  for (const truth of [...truths, ...componentTruths].filter(({ id }) => id.startsWith(`${rule} `)))
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

test("[C38] queues have their exact figures whatever arrives and whatever work takes", () => hold("C38"));
test("[C39] orders of service and rules of choice have theirs", () => hold("C39"));
test("[C40] so have batches and an assembly", () => hold("C40"));
test("[C41] and machines that fail, before a queue, in a line and with few to repair them", () => hold("C41"));
test("[C42] cards, kanban and blocking before service have the throughput of their networks and chains", () => hold("C42"));
test("[C43] vehicles wait as servers do, and a tank behind a pipe that opens by chance has its exact mean level", () => hold("C43"));

test("[C44] without chance every component is exact", () => {
  for (const { id, model, warmUpS, durationS, figures } of exactTruths) {
    expect(validateFlowModel(model), id).toEqual([]);
    const result = runFlow(model, {
      seed: 1,
      ...(warmUpS === undefined ? {} : { warmUpS }),
      ...(durationS === undefined ? {} : { durationS }),
    });
    expect(result.conservation.balanced && result.littlesLaw.holds, id).toBe(true);
    // an item more or less at the end of the measured time
    for (const [name, value, of] of figures) expect(Math.abs(of(result) / value - 1), `${id}: ${name} ${of(result)}`).toBeLessThan(0.004);
  }
});

test("[C35] over all exact values together 94 to 96 % of the intervals cover the truth", () => {
  if (!soak) return;
  const experiments = verdicts.length * 200;
  const share = verdicts.reduce((sum, { covered }) => sum + covered, 0) / experiments;
  console.log(`${experiments} experiments, ${(100 * share).toFixed(2)} % cover`);
  expect(experiments).toBeGreaterThanOrEqual(5000);
  expect(share).toBeGreaterThanOrEqual(0.94);
  expect(share).toBeLessThanOrEqual(0.96);
});
