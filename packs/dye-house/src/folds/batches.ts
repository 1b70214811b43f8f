import type { PackFold } from "@doppelwerk/kit";
import { BatchTracker, type TrackedInput, type TrackedMachine, type TrackerState } from "../model/batch-tracker.ts";

const BAD = 2;

/** Batches, their phases and how far the temperature is from the programme, of one machine. Inputs are named `batchSignal`, `levelSignal` … */
const batches: PackFold<TrackedMachine, TrackerState> = {
  open({ fields }, emit, state) {
    const tracker = new BatchTracker(
      fields,
      {
        phase: (begun) => emit("phase", JSON.stringify(begun)),
        batch: (ended) => emit("batch", JSON.stringify(ended)),
        deviation: (kelvin) => emit("deviation", kelvin),
      },
      state,
    );
    return {
      take({ input, value, text, quality }) {
        if (quality !== BAD) tracker.take(input.replace("Signal", "") as TrackedInput, value, text);
      },
      settle: (at) => tracker.settle(at),
      due: () => tracker.due(),
      fire: (at) => tracker.settle(at),
      snapshot: () => tracker.state,
    };
  },
};
export default batches;
