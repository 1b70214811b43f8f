import { definePack, type Pack } from "@doppelwerk/kit";
import { defaultAlarmRules } from "./default-alarm-rules.ts";
import { lineDefinition } from "./line-definition-of.ts";
import { nominalLineModel } from "./nominal-line-model.ts";
import type { Plant } from "./plant.ts";
import { readPlant } from "./read-plant.ts";
import { stage } from "./stage-of.ts";

/** Discrete production lines: stations, buffers, carriers, rework. */
export const discreteLine: Pack<Plant> = definePack<Plant>({
  id: "discrete-line",
  title: { en: "Discrete lines", zh: "离散制造产线" },
  kinds: [],
  readPlant,
  lineDefinition,
  nominalLineModel,
  stage,
  defaultAlarmRules,
});
