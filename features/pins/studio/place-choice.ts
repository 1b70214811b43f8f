import { createStore } from "@doppelwerk/kit/studio";
import type { CameraView } from "@doppelwerk/kit/studio/viewer";

/** A point that somebody chose in 3D for a new pin, and one that shall be looked at; between the overlay and the tab beside it. */
export interface PinPlace {
  readonly point: readonly [number, number, number];
  readonly view: CameraView;
}

export const pinPlace = createStore<{
  /** Id of the station that a point is chosen for. */
  readonly choosing?: string;
  readonly chosen?: PinPlace & { readonly station: string };
  /** Id of the pin that is looked at. */
  readonly shown?: string;
}>({});
