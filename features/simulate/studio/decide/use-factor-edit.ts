import type { Factor } from "@doppelwerk/client";
import { fieldChange } from "@doppelwerk/sync";
import { useStudio, useWords } from "@doppelwerk/kit/studio";

/** Writes the value of a factor onto the branch; `onRefused` where the server refuses it. */
export function useFactorEdit(branch: string, factor: Factor, label: string): (from: number, to: number, onRefused: () => void) => void {
  const studio = useStudio();
  const { t } = useWords();
  return (from, to, onRefused) => {
    const record = studio.live.documents(branch, ["element"]).get(factor.element);
    if (record === undefined) {
      studio.notify("trouble", t("simulate.decide.notLoaded"));
      return;
    }
    const lexical = typeof record.value === "number" ? to : String(to);
    studio.live.push(branch, `${label} ${from} → ${to}`, [fieldChange(record, "value", lexical)]).catch((error: unknown) => {
      studio.notifyFailure(error, t("simulate.decide.editFailed", { what: label }));
      onRefused();
    });
  };
}
