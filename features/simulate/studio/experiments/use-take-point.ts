import type { ExperimentResult } from "@doppelwerk/client";
import { fieldChange } from "@doppelwerk/sync";
import { LIVE } from "@doppelwerk/world";
import { useStudio, useWords } from "@doppelwerk/kit/studio";
import { pointText } from "./experiment-words.ts";

/** Writes the values of a point onto the branch, on live onto a new one, and goes there. */
export function useTakePoint(result: ExperimentResult, branch: string): (point: number) => Promise<void> {
  const studio = useStudio();
  const { t, language } = useWords();
  return async (point) => {
    const { values } = result.points[point]!;
    const reason = `${result.experiment.name}: ${pointText(result, point, language, t)}`;
    const fork = branch === LIVE ? await studio.client.fork(reason.slice(0, 120)) : undefined;
    const to = fork?.id ?? branch;
    const replica = studio.live.documents(to, ["element"]);
    await replica.reached(fork?.baseRevision ?? 0);
    const changes = result.factors.flatMap(({ element }, index) => {
      const record = replica.get(element);
      if (record === undefined) throw new Error(t("simulate.decide.notLoaded"));
      const value = typeof record.value === "number" ? values[index]! : String(values[index]!);
      return record.value === value ? [] : [fieldChange(record, "value", value)];
    });
    if (changes.length > 0) await studio.live.push(to, reason, changes);
    studio.address.go({ branch: to, detail: undefined });
  };
}
