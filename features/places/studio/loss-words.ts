import { fixedText, stateLook, type Translate } from "@doppelwerk/kit/studio";
import type { LineFigures, Loss } from "../contract.ts";

/** Shorter ones are no reason. */
const LEAST_S = 30;

/** Time lost, in minutes. */
export function lostMinutes(seconds: number): string {
  return fixedText(seconds / 60, Math.abs(seconds) < 600 ? 1 : 0);
}

/** The two longest losses of a line, each with its minutes. */
export function lossWords(losses: LineFigures["losses"], t: Translate): readonly string[] {
  return losses
    .filter(({ seconds }) => seconds >= LEAST_S)
    .slice(0, 2)
    .map(({ state, seconds }) => `${lossWord(state, t)} ${lostMinutes(seconds)}`);
}

/** A row of the loss budget as a line's own board has it: `blocked by S120: failed, 15 min, 25 units`. */
export function lossText({ state, station, stationState, cause, seconds, units }: Loss, t: Translate): string {
  const word = lossWord(state, t);
  const named =
    station === undefined
      ? cause === undefined || cause === "unclear"
        ? word
        : t("places.waits.lacks", { step: word, cause: t.or(`places.waits.${cause}`, cause) })
      : t(state === "starved" ? "places.loss.starvedBy" : "places.loss.blockedBy", {
          station,
          state: lossWord(stationState ?? "unknown", t),
        });
  const minutes = lostMinutes(seconds);
  const whole = Math.round(units ?? 0);
  return whole > 0 ? t("places.loss.rowUnits", { loss: named, minutes, units: whole }) : t("places.loss.row", { loss: named, minutes });
}

function lossWord(state: string, t: Translate): string {
  if (state === "speed" || state === "reject" || state === "rework") return t(`places.table.${state}`);
  return t.or(`state.${stateLook(state)}`, state).toLowerCase();
}
