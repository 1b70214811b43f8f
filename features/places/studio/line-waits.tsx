import type { ReactNode } from "react";
import { clockText, durationText, inLanguage, SECOND, stateLook, useScope, useWords } from "@doppelwerk/kit/studio";
import type { LineFigures, WaitStep } from "../contract.ts";
import { isWaiting, lastWait, heldState } from "./stops-now.ts";
import { WaitChain } from "./wait-chain.tsx";

/** What a break does not end. */
const HELD: ReadonlySet<string> = new Set(["failed", "stopped", "blocked", "starved"]);

/** Why the constraint of a line waits, or that it does not and when it last did; nothing while its state is not known. */
export function LineWaits({
  line: { waits, state: own, since: began, states, station = "", lastWait: told },
  isLabelled = false,
}: {
  readonly line: Pick<LineFigures, "waits" | "state" | "since" | "states" | "station" | "lastWait">;
  readonly isLabelled?: boolean;
}): ReactNode {
  const { t, language, zone } = useWords();
  if (waits !== undefined) return <WaitChain waits={waits} isLabelled={isLabelled} />;
  const held = heldState(states);
  const isHeld = held !== undefined && HELD.has(stateLook(held.state)) && (own === "break" || own === held.state);
  const [state, since] = isHeld ? [held.state, held.since] : [own, began];
  const look = stateLook(state);
  if (look === "unknown" || look === "off") return null;
  const word = t.or(`state.${look}`, state).toLowerCase();
  const step =
    since === undefined
      ? t("places.waits.stepOpen", { station, state: word })
      : t("places.waits.step", { station, state: word, clock: clockText(since, zone, false) });
  // it waits, or held by itself
  if (isWaiting(state) || look === "failed" || look === "stopped") return <small className="dw-place-waits">{step}</small>;
  if (told?.because !== undefined) return <LastWait station={station} last={told} because={told.because} />;
  const last = told ?? lastWait(states);
  const text =
    last === undefined
      ? t("places.waits.notYet", { station })
      : t("places.waits.not", {
          station,
          state: t.or(`state.${stateLook(last.state)}`, last.state).toLowerCase(),
          clock: clockText(last.from, zone, false),
          duration: durationText(last.to - last.from, language),
        });
  return <small className="dw-place-waits">{text}</small>;
}

/** When the constraint last waited and for what; a click leads to the beginning of that. */
function LastWait({
  station,
  last,
  because,
}: {
  readonly station: string;
  readonly last: NonNullable<LineFigures["lastWait"]>;
  readonly because: WaitStep;
}): ReactNode {
  const { time } = useScope();
  const { t, language, zone } = useWords();
  const wordOf = (state: string): string => t.or(`state.${stateLook(state)}`, state).toLowerCase();
  const cause =
    because.station === station
      ? t.or(`places.waits.${because.cause ?? "outside"}`, because.cause ?? "")
      : t("places.waits.stepOpen", { station: because.station, state: wordOf(because.state) });
  return (
    <small className="dw-place-waits">
      <button
        type="button"
        className="dw-place-waited"
        onClick={(event) => {
          // it leads to the instant, not to the row
          event.stopPropagation();
          time.goTo(Math.min(last.to, last.from + SECOND));
        }}
      >
        {t("places.waits.notBecause", {
          station,
          state: wordOf(last.state),
          clock: clockText(last.from, zone, false),
          duration: durationText(last.to - last.from, language),
          cause,
        })}
      </button>
    </small>
  );
}

/** That it is a break, in which nothing is due. */
export function LineBreak({ line: { breaks = [] }, at }: { readonly line: Pick<LineFigures, "breaks">; readonly at: number }): ReactNode {
  const { t, zone } = useWords();
  const rest = breaks.find(({ from, to }) => from <= at && at < to);
  if (rest === undefined) return null;
  return (
    <small className="dw-place-waits">
      <b>{t("places.break", { from: clockText(rest.from, zone, false), to: clockText(rest.to, zone, false) })}</b>
    </small>
  );
}

/** The station of a line that is failed, which comes before why its constraint waits. Where that goes back to the same station it is said there. */
export function LineStopped({ line: { stopped, waits } }: { readonly line: Pick<LineFigures, "stopped" | "waits"> }): ReactNode {
  const { t, language, zone } = useWords();
  if (stopped === undefined || waits?.[0]?.station === stopped.station) return null;
  const { station, title, state, since } = stopped;
  const name = title === undefined ? "" : inLanguage(title, language);
  const named = name === "" ? station : name.includes(station) ? name : `${station} ${name}`;
  const word = t.or(`state.${stateLook(state)}`, state).toLowerCase();
  return (
    <small className="dw-place-waits">
      <b>
        {since === undefined
          ? t("places.waits.stepOpen", { station: named, state: word })
          : t("places.waits.step", { station: named, state: word, clock: clockText(since, zone, false) })}
      </b>
    </small>
  );
}
