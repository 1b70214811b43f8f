import { componentsOf } from "@doppelwerk/sim";
import type { AnyExperimentModel, RunningComponents } from "@doppelwerk/sim";

/** Opens the components of packs that stations of a model name, again at each call; undefined where they name none. */
export type OpenComponents = () => RunningComponents | undefined;

/** Components run in a sandbox of this page, which is loaded only for a model that needs it. */
export async function prepareComponents(experiment: AnyExperimentModel): Promise<OpenComponents> {
  const codes = componentsOf(experiment);
  if (codes.length === 0) return () => undefined;
  return (await import("@doppelwerk/engines/components/in-browser")).prepareInBrowser(codes);
}
