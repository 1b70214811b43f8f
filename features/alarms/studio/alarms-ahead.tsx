import type { ReactNode } from "react";
import {
  AlarmShape,
  Empty,
  Failure,
  inLanguage,
  momentText,
  useLoad,
  useStore,
  useStudio,
  useWords,
  Waiting,
  OriginMark,
} from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { AlarmsAhead as Ahead } from "../contract.ts";

/** Alarms of the branch entered in its simulated future: what its own rules raise in the newest run of it. */
export function AlarmsAhead(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { branch } = useStore(studio.address.store);
  const loaded = useLoad((signal) => calls.ahead(studio.client, { query: { branch } }, { signal }), [branch]);
  if (loaded.kind === "failed") return <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />;
  if (loaded.value === undefined) return <Waiting />;
  return (
    <>
      <AheadHead ahead={loaded.value} />
      {loaded.value.figures.raised === 0 ? (
        <Empty title={t("alarms.ahead.none")} text={t("alarms.ahead.noneText")} />
      ) : (
        <AheadTable ahead={loaded.value} />
      )}
    </>
  );
}

function AheadHead({ ahead: { from, to, figures, notJudged, isWhole } }: { readonly ahead: Ahead }): ReactNode {
  const { t, language, zone } = useWords();
  return (
    <div className="dw-ahead-head">
      <p>
        <OriginMark origin="forecast" />{" "}
        {t("alarms.ahead.span", { from: momentText(from, zone, language), to: momentText(to, zone, language) })}{" "}
        {t("alarms.ahead.figures", { count: figures.raised, floods: figures.floods, chattering: figures.chattering })}
      </p>
      {!isWhole && <p className="dw-quiet-text">{t("alarms.ahead.partial")}</p>}
      {notJudged.length > 0 && (
        <details className="dw-quiet-text">
          <summary>{t("alarms.ahead.notJudged", { count: notJudged.length })}</summary>
          <ul>
            {notJudged.map(({ id, title }) => (
              <li key={id}>{inLanguage(title, language)}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

/** Transitions of the simulation, newest first; those of the record are in the history. */
function AheadTable({ ahead }: { readonly ahead: Ahead }): ReactNode {
  const { t, language, zone } = useWords();
  const simulated = ahead.transitions.filter(({ origin }) => origin === "simulated");
  return (
    <table className="dw-table">
      <thead>
        <tr>
          <th aria-label={t("alarms.priority")} />
          <th>{t("alarms.changed")}</th>
          <th>{t("alarms.station")}</th>
          <th>{t("alarms.title")}</th>
          <th>{t("alarms.stateTitle")}</th>
        </tr>
      </thead>
      <tbody>
        {simulated.map((alarm) => (
          <tr key={`${alarm.id} ${alarm.changed} ${alarm.state}`}>
            <td className="dw-alarm-mark">
              <AlarmShape priority={alarm.priority} blinking={false} size={14} />
              <small className={`dw-p${alarm.priority}`}>{alarm.priority}</small>
            </td>
            <td>{momentText(alarm.changed, zone, language)}</td>
            <td>{alarm.station}</td>
            <td>{inLanguage(alarm.title, language)}</td>
            <td className="dw-nowrap">{t(`alarms.state.${alarm.state}`)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
