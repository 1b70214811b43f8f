import type { DisplayOfSignal } from "../session/signal-table.ts";
import type { Studio } from "../session/studio.ts";
import { slot } from "../slots/slot.ts";

/** How signals are shown on the branch entered, by signal: what people stored over the engineering file. */
export type DisplaysOfSignals = (studio: Studio) => Promise<ReadonlyMap<string, DisplayOfSignal>>;

/** What says how signals are shown. */
export const signalDisplays = slot<{ readonly order: number }, DisplaysOfSignals>()("history.displays", 1);
