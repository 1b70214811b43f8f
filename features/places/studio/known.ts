import { createContext, useContext } from "react";
import { durationText, useWords } from "@doppelwerk/kit/studio";

/** How far the past is read, 0 to 1, while it is: what a board does not know meanwhile it says why. */
export const ReadingContext = createContext<number | undefined>(undefined);

/** Why a figure is not known, and why it is a lower bound only; undefined where there is nothing to say. */
export function useWhy(unknownS?: number): { readonly unknown: string | undefined; readonly atLeast: string | undefined } {
  const { t, language } = useWords();
  const reading = useContext(ReadingContext);
  return {
    unknown: reading === undefined ? undefined : t("places.table.unread", { percent: Math.round(reading * 100) }),
    atLeast: unknownS === undefined ? undefined : t("places.table.atLeast", { duration: durationText(unknownS * 1e6, language) }),
  };
}

/** `≥ 12` of a figure of which a part is not known. */
export function atLeast(figure: number | string, isBound: boolean): string {
  return isBound ? `≥ ${figure}` : String(figure);
}

/** Whether earlier alarms are unknown, because the past is read for the first time. */
export const AlarmsUnknownContext = createContext(false);
