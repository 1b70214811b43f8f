import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeAasx } from "@doppelwerk/aas";
import type { CalendarAnchor } from "../clock/calendar.ts";
import type { PlantSignal } from "../signals/signal.ts";
import type { PlantEndpoints } from "./interfaces.ts";
import { plantEnvironment } from "./plant-environment.ts";

/** Writes `plant.aasx` under `data` (whole or not at all) and returns its path. */
export function writeEngineeringFile(
  data: string,
  signals: readonly PlantSignal[],
  endpoints: PlantEndpoints,
  anchor: CalendarAnchor,
): string {
  mkdirSync(data, { recursive: true });
  const path = join(data, "plant.aasx");
  writeFileSync(`${path}.part`, writeAasx(plantEnvironment(signals, endpoints, anchor)));
  renameSync(`${path}.part`, path);
  return path;
}
