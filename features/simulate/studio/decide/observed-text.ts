import type { Factor } from "@doppelwerk/client";
import { durationText, numberText, withUnit, type Language, type Translate } from "@doppelwerk/kit/studio";
import type { ModelValue } from "../../model/model-value.ts";

/** What the plant was seen at, of a value that it was never seen at: the mean that was fitted, the values of its documents, or that nothing is known. */
export function observedText({
  factor: { observed, unit },
  model,
  t,
  language,
}: {
  readonly factor: Pick<Factor, "observed" | "unit">;
  readonly model: ModelValue | undefined;
  readonly t: Translate;
  readonly language: Language;
}): string {
  if (model !== undefined && model.n > 0)
    return t("simulate.decide.observedMean", { value: withUnit(numberText(model.live), unit), n: model.n });
  if (observed === undefined) return t("simulate.decide.outsideObserved");
  const { min, max, from, to } = observed;
  const duration = durationText(to - from, language);
  return min === max
    ? t("simulate.decide.observedOne", { value: withUnit(numberText(max), unit), duration })
    : t("simulate.decide.observedRange", { min: numberText(min), max: withUnit(numberText(max), unit), duration });
}
