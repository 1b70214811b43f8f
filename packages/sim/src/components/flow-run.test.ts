import { expect, test } from "vitest";
import type { FlowModel } from "./flow-model.ts";
import { createFlowRun, runFlow } from "./flow-run.ts";

const exponential = (mean: number) => ({ kind: "exponential", mean }) as const;

const queue: FlowModel = {
  format: "doppelwerk-flow/1",
  components: [
    { id: "arrivals", type: "source", interarrival: exponential(1), to: "desk" },
    { id: "desk", type: "station", buffer: "unlimited", time: exponential(0.8), to: "out" },
    { id: "out", type: "sink" },
  ],
};

test("[C1] conservation and Little's law hold to the last item and microsecond", () => {
  for (let replication = 0; replication < 5; replication++) {
    const { conservation, littlesLaw, wip } = runFlow(queue, { seed: 1, replication, warmUpS: 100, durationS: 2000 });
    expect(conservation.balanced).toBe(true);
    expect(conservation.inside).toBe(wip.end);
    expect(littlesLaw.holds).toBe(true);
  }
});

test("[C2] straight, in pieces, restored from bytes and forked: one trace hash; another replication has another", () => {
  const straight = createFlowRun(queue, { seed: 7 });
  straight.advanceTo(500);
  const pieces = createFlowRun(queue, { seed: 7 });
  for (let at = 7; at < 300; at += 7) pieces.advanceTo(at);
  const restored = createFlowRun(queue, { seed: 7 });
  restored.restore(pieces.snapshot());
  const forked = pieces.fork();
  const other = pieces.fork({ replication: 1 });
  for (const run of [pieces, restored, forked, other]) run.advanceTo(500);
  const hash = straight.result().traceHash;
  expect([pieces, restored, forked].map((run) => run.result().traceHash)).toEqual([hash, hash, hash]);
  expect(other.result().traceHash).not.toBe(hash);
});
