import type { DisplayOfSignal, DisplaysOfSignals } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { DisplayBands } from "../model/display-kind.ts";

/** What is stored of how signals are shown, as the table of signals takes it. */
const storedDisplays: DisplaysOfSignals = async (studio) => {
  const { branch } = studio.address.store.get();
  const stored = await calls.displays(studio.client, { query: { branch } });
  return new Map(stored.map(({ signal, bands }) => [signal, displayOf(bands)]));
};
export default storedDisplays;

export function displayOf({ decimals, ...bounds }: DisplayBands): DisplayOfSignal {
  return { ...bounds, ...(decimals !== undefined && { resolution: 10 ** -decimals }) };
}
