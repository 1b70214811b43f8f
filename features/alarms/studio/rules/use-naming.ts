import { SECOND } from "@doppelwerk/world";
import { durationText, namedText, numberText, signalName, useStore, useStudio, useWords, withUnit } from "@doppelwerk/kit/studio";
import type { Naming } from "./condition-text.ts";

/** Signals and values in the words of the plant and the reader. */
export function useNaming(): Naming {
  const studio = useStudio();
  const line = useStore(studio.line);
  const { t, language } = useWords();
  return {
    t,
    signal(id) {
      const station = line?.stations.find(
        ({ signals, processValues }) => processValues.includes(id) || Object.values(signals).includes(id),
      );
      return `${station === undefined ? "" : `${station.id} `}${signalName(studio.signals.entry(id), language, id)}`;
    },
    value(signal, value) {
      const entry = studio.signals.entry(signal);
      return namedText(value, entry) ?? withUnit(numberText(value), entry?.unit);
    },
    duration: (seconds) => durationText(seconds * SECOND, language),
  };
}
