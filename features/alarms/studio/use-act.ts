import type { AlarmItem } from "@doppelwerk/sync";
import { useStudio, useWords } from "@doppelwerk/kit/studio";

/** What an act answers stands in the list at once; why one was refused is shown. */
export function useAct(): (acted: Promise<AlarmItem>) => void {
  const studio = useStudio();
  const { t } = useWords();
  return (acted) => {
    acted.then(
      (changed) =>
        studio.snapshot.update((snapshot) =>
          snapshot === undefined
            ? snapshot
            : { ...snapshot, alarms: snapshot.alarms.map((item) => (item.id === changed.id ? changed : item)) },
        ),
      (error: unknown) => studio.notifyFailure(error, t("alarms.actionFailed")),
    );
  };
}
