import { useEffect, useState, type ReactNode } from "react";
import {
  AddressLink,
  clockText,
  Failure,
  inLanguage,
  numberText,
  percentText,
  useLoad,
  useScope,
  useStore,
  useStudio,
  useWords,
  Waiting,
} from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { ShiftPage } from "../contract.ts";
import type {} from "../message-codes.ts";
import type { ShownShift } from "./shift-view.tsx";

const EVERY_MS = 15_000;
/** How long each picture is shown. */
const TURN_MS = 20_000;
const MAX_ROWS = 5;
const SLIDES = ["stops", "open"] as const;

/** The running shift on a screen that nobody stands at: read from three metres, without controls, by itself again after any break. */
export function ShiftWall(): ReactNode {
  const { branch, line } = useScope();
  const { t } = useWords();
  const loaded = useLoad(
    {
      key: ["GET /shift-page wall", branch, line],
      run: ({ client }, signal) => calls.page(client, { query: { branch, line } }, { signal }),
    },
    { everyMs: EVERY_MS },
  );
  const page = loaded.value;
  return (
    <div className="dw-shift-wall">
      <WallHead shift={page?.shift} />
      {page?.shift !== undefined ? (
        <Slides page={page} shift={page.shift} />
      ) : page !== undefined ? (
        <p className="dw-shift-wall-none">{t("shiftPage.none")}</p>
      ) : loaded.kind === "failed" ? (
        <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />
      ) : (
        <Waiting />
      )}
    </div>
  );
}

/** The clock of the server, or since when there is no data: nobody takes an old number for the present. */
function WallHead({ shift }: { readonly shift: ShownShift | undefined }): ReactNode {
  const studio = useStudio();
  const { t, zone } = useWords();
  const state = useStore(studio.state);
  const [now, setNow] = useState(() => studio.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(studio.now()), 1_000);
    return () => clearInterval(timer);
  }, [studio]);
  return (
    <header>
      <h2>
        {shift === undefined
          ? t("shiftPage.title")
          : `${t.or(`shift.${shift.name.toLowerCase()}`, shift.name)} ${clockText(shift.from, zone, false)}–${clockText(shift.end, zone, false)}`}
      </h2>
      <AddressLink to={{ detail: undefined }} className="dw-shift-wall-leave">
        {t("shiftPage.wall.leave")}
      </AddressLink>
      <span className="dw-grow" />
      {state.kind === "offline" ? (
        <b role="alert">{t("shiftPage.wall.lost", { clock: clockText(state.since, zone) })}</b>
      ) : (
        <span>{clockText(now, zone, false)}</span>
      )}
    </header>
  );
}

function Slides({ page, shift }: { readonly page: ShiftPage; readonly shift: ShownShift }): ReactNode {
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTurn((shown) => shown + 1), TURN_MS);
    return () => clearInterval(timer);
  }, []);
  const slide = SLIDES[turn % SLIDES.length]!;
  return (
    <>
      <Figures page={page} shift={shift} />
      {slide === "stops" ? <Stops page={page} shift={shift} /> : <OpenItems page={page} />}
    </>
  );
}

function Figures({ page: { plan }, shift }: { readonly page: ShiftPage; readonly shift: ShownShift }): ReactNode {
  const { t } = useWords();
  const short = plan === undefined ? undefined : plan - shift.good;
  return (
    <section className="dw-shift-wall-figures">
      <p>
        <b>{numberText(shift.good)}</b>
        <span>{plan === undefined ? t("shiftPage.goodUnits") : t("shiftPage.goodOfDue", { plan: numberText(plan) })}</span>
      </p>
      {short !== undefined && (
        <p>
          <b>{numberText(Math.abs(short))}</b>
          <span>{t(short > 0 ? "shiftPage.wall.short" : "shiftPage.wall.ahead")}</span>
        </p>
      )}
      <p>
        <b>{shift.oee === undefined ? "–" : percentText(shift.oee)}</b>
        <span>{t("shiftPage.oeeAt", { station: shift.constraint })}</span>
      </p>
    </section>
  );
}

function Stops({ page: { alarms }, shift }: { readonly page: ShiftPage; readonly shift: ShownShift }): ReactNode {
  const { t, language } = useWords();
  const [alarm] = alarms;
  return (
    <section className="dw-shift-wall-list">
      <h3>{t("shiftPage.wall.stops")}</h3>
      <ul>
        {shift.topStops.slice(0, MAX_ROWS - 1).map(({ station, state, seconds, count }) => (
          <li key={`${station} ${state}`}>
            {t("shiftPage.text.stop", {
              station,
              state: t.or(`machineState.${state}`, state).toLowerCase(),
              minutes: numberText(Math.round(seconds / 60)),
              count,
            })}
          </li>
        ))}
        {alarm !== undefined && (
          <li>
            {t("shiftPage.mostFrequent")} {alarm.station} {inLanguage(alarm.title, language)},{" "}
            {t("shiftPage.times", { count: alarm.count })}
          </li>
        )}
        {shift.topStops.length === 0 && alarm === undefined && <li>{t("shiftPage.wall.noStops")}</li>}
      </ul>
    </section>
  );
}

function OpenItems({ page: { items, rejected } }: { readonly page: ShiftPage }): ReactNode {
  const { t } = useWords();
  const open = items.filter(({ done }) => done === undefined);
  return (
    <section className="dw-shift-wall-list">
      <h3>
        {t("shiftPage.open")} <small>{open.length}</small>
      </h3>
      <ul>
        {open.slice(0, MAX_ROWS - 1).map(({ id, text }) => (
          <li key={id}>{text}</li>
        ))}
        {open.length === 0 && <li>{t("shiftPage.nothingOpen")}</li>}
        {rejected.length > 0 && <li>{t("shiftPage.text.rejected", { count: rejected.length })}</li>}
      </ul>
    </section>
  );
}
