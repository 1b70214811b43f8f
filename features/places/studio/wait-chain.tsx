import type { ReactNode } from "react";
import { clockText, inLanguage, stateLook, useWords } from "@doppelwerk/kit/studio";
import type { WaitStep } from "../contract.ts";

/** Of a longer chain the beginning and the end are shown. */
const MAX_SHOWN = 4;

/** Why a line waits, in one line: `S110 Packing failed since 14:02 → S105 blocked since 14:03 → S090 blocked since 14:05`. */
export function WaitChain({
  waits,
  isLabelled = false,
}: {
  readonly waits: readonly WaitStep[];
  readonly isLabelled?: boolean;
}): ReactNode {
  const { t, language, zone } = useWords();
  const steps = waits.map((step, index) => {
    const { station, title, state, since, cause } = step;
    const name = title === undefined ? "" : inLanguage(title, language);
    // the first of them is what has to be found on the shop floor
    const named = index > 0 || name === "" ? station : name.includes(station) ? name : `${station} ${name}`;
    const word = t.or(`state.${stateLook(state)}`, state).toLowerCase();
    const text =
      since === undefined
        ? t("places.waits.stepOpen", { station: named, state: word })
        : t("places.waits.step", { station: named, state: word, clock: clockText(since, zone, false) });
    return cause === undefined ? text : t("places.waits.lacks", { step: text, cause: t.or(`places.waits.${cause}`, cause) });
  });
  const hidden = steps.length - MAX_SHOWN;
  const shown = hidden <= 0 ? steps : [steps[0]!, steps[1]!, t("places.waits.more", { count: hidden + 1 }), steps.at(-1)!];
  const chain = shown.join(" → ");
  return (
    <small className="dw-place-waits" title={steps.join(" → ")}>
      {isLabelled ? t("places.waits.title", { chain }) : chain}
    </small>
  );
}
