import type { ComponentCode } from "@doppelwerk/sim";
import type { Json } from "@doppelwerk/world";
import { port } from "./token.ts";

/** A station that names a component. */
export interface ComponentOfStation {
  readonly station: string;
  /** Id of the component. */
  readonly component: string;
  readonly parameters: Readonly<Record<string, Json>>;
}

/** Components for the simulation of lines, of packs whose feature is open in this world. */
export interface SimComponents {
  /**
   * The code of those that stations name, each once, as it is now. Errors: DW_INVALID where one is not there, cannot be loaded, or is given parameters
   * that its schema does not take.
   */
  of(stations: readonly ComponentOfStation[]): Promise<readonly ComponentCode[]>;
}

export const simComponents = port<SimComponents>("kernel.simComponents", 1);
