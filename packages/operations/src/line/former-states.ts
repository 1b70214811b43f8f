import { carriedIntakeState, type FoldInput, type FoldState } from "@doppelwerk/world";
import { alarmFold, type AlarmFoldState } from "./alarm-fold.ts";
import { zoneOffsetOf } from "../shifts/zone-offset.ts";
import { flowFold, inputsOfFlow } from "./flow-fold.ts";
import { createLineCore, NOWHERE, type LineCoreState } from "./line-core.ts";
import type { LineDefinition } from "../definition/line-definition.ts";
import type { LineEngineState } from "./line-engine.ts";

/** An engine whose state is taken apart: signals in the order in which its intake has them. */
export interface FormerEngine {
  readonly definition: LineDefinition;
  readonly signals: readonly string[];
}

/** The state of an engine that did everything at once, as states of the folds that it is now; key figures are derived again. `alarmInputs` are those of the instance of alarms. */
export function statesOfFormer(
  { definition, signals }: FormerEngine,
  { intake, alarms, now, states, tracker, extract, counters, products }: LineEngineState,
  alarmInputs: readonly FoldInput[],
): { readonly flow: FoldState; readonly alarms: FoldState } {
  const core: LineCoreState = { states, tracker, ...(extract && { extract }), counters, products };
  const line = createLineCore(definition, { zoneOffset: zoneOffsetOf(definition.timeZone), extract: true }, NOWHERE);
  line.restore(JSON.parse(JSON.stringify(core)) as LineCoreState);
  const own: AlarmFoldState = {
    engine: alarms,
    stations: Object.fromEntries(definition.stations.map(({ id }) => [id, line.statesOf(id)])),
  };
  const stateFor = (version: number, state: unknown, inputs: readonly FoldInput[]): FoldState => ({
    version,
    at: now,
    state,
    intake: carriedIntakeState(intake, signals, inputs.map(slotName)),
    origins: inputs.map(() => 0),
  });
  return {
    flow: stateFor(flowFold.state.version, core, inputsOfFlow({ line: definition })),
    alarms: stateFor(alarmFold.state.version, own, alarmInputs),
  };
}

/** What takes no samples has its slot all the same. */
function slotName(input: FoldInput, slot: number): string {
  return "signal" in input ? input.signal : `\n${slot}`;
}
