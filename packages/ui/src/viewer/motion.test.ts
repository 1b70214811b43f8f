import { afterEach, expect, test, vi } from "vitest";
import { followMotion } from "./motion.ts";

/** The preference of a system, which may change. */
function system(matches: boolean) {
  const asked = Object.assign(new EventTarget(), { matches });
  vi.stubGlobal("matchMedia", () => asked);
  return (isReduced: boolean): void => {
    asked.matches = isReduced;
    asked.dispatchEvent(new Event("change"));
  };
}
afterEach(() => vi.unstubAllGlobals());

test("[ui U146] a viewer follows the system where motion is reduced, also while it is open, until it is closed", () => {
  const change = system(false);
  const seen: boolean[] = [];
  const open = new AbortController();
  followMotion(undefined, open.signal, (isReduced) => seen.push(isReduced));
  change(true);
  change(false);
  expect(seen).toEqual([false, true, false]);
  open.abort();
  change(true);
  expect(seen).toHaveLength(3);
});

test("[ui U146] a viewer that is told whether motion is reduced does not ask the system", () => {
  const change = system(false);
  const seen: boolean[] = [];
  followMotion(true, new AbortController().signal, (isReduced) => seen.push(isReduced));
  change(false);
  expect(seen).toEqual([true]);
});
