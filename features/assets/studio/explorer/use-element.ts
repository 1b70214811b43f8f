import { elementAt } from "@doppelwerk/aas";
import type { SubmodelElement } from "@doppelwerk/aas";
import { LIVE } from "@doppelwerk/world";
import { aasOf, useLoad, useScope, useStudio } from "@doppelwerk/kit/studio";
import { documentPath, ifThere, read } from "./aas-access.ts";
import { liveOf } from "./meaning.ts";
import { useSubmodel } from "./use-submodel.ts";

const RELOAD_LIVE_MS = 2_000;

/** The element of a submodel at a path: as stored, and, where a signal is behind it, with the value it has now. */
export function useElement(
  submodel: string,
  path: string,
): {
  readonly loaded: ReturnType<typeof useSubmodel>;
  /** Undefined while the submodel is on its way, and where it has no such element. */
  readonly stored: SubmodelElement | undefined;
  readonly element: SubmodelElement | undefined;
} {
  const studio = useStudio();
  const { branch } = useScope();
  const loaded = useSubmodel(submodel);
  const stored = loaded.value && elementAt(loaded.value, path);
  const isLive = stored !== undefined && liveOf(stored) !== undefined && !loaded.past && branch === LIVE;
  const now = useLoad(
    isLive ? (signal) => ifThere(read<SubmodelElement>(aasOf(studio, branch), documentPath(submodel, path), signal)) : undefined,
    [submodel, path, branch],
    RELOAD_LIVE_MS,
  );
  return { loaded, stored, element: (isLive ? now.value : undefined) ?? stored };
}
