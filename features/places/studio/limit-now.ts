import { quality, type Quality } from "@doppelwerk/world";
import type { LimitedValue } from "../contract.ts";

/** A value against its limits with the sample that is shown now; without one as the summary has it. A bad value is no value. */
export function limitNow(
  value: LimitedValue,
  sample: { readonly value: unknown; readonly quality: Quality } | undefined,
): Pick<LimitedValue, "value" | "state"> {
  if (sample === undefined) return value;
  const shown = sample.value;
  if (sample.quality === quality.bad || typeof shown !== "number" || !Number.isFinite(shown)) return { state: "unknown" };
  if (!value.isAlarmed) return { value: shown, state: "normal" };
  const { low, high } = value;
  return { value: shown, state: high !== undefined && shown > high ? "high" : low !== undefined && shown < low ? "low" : "normal" };
}
