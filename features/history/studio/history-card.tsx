import type { ReactNode } from "react";
import type { HistoryDamage } from "@doppelwerk/client";
import { Card, momentText, useLoad, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";

/** Signals of one file that are named; more are counted. */
const MAX_NAMED = 12;

/** Whether what comes is kept, since when the record goes back, and which parts of it are damaged. */
export default function HistoryCard(): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const world = useStore(studio.world);
  const history = world?.history;
  const damages = useLoad(
    history === undefined || history.damagedFiles === 0 ? undefined : (signal) => studio.client.historyDamage({ signal }),
    [history?.damagedFiles],
  );
  if (world === undefined || history === undefined) return null;
  return (
    <Card title={t("history.settings.history")}>
      <dl className="dw-facts" style={{ maxWidth: 420 }}>
        <dt>{t("history.settings.keeps")}</dt>
        <dd>
          {history.refusedSince === undefined
            ? t("history.settings.yes")
            : t("history.settings.notSince", { moment: momentText(history.refusedSince, zone, language) })}
        </dd>
        <dt>{t("history.settings.recordFrom")}</dt>
        <dd>{world.historyFrom === undefined ? "–" : momentText(world.historyFrom, zone, language, false)}</dd>
        <dt>{t("history.settings.unwritten")}</dt>
        <dd>{history.unwritten}</dd>
        <dt>{t("history.settings.damagedFiles")}</dt>
        <dd>{history.damagedFiles}</dd>
      </dl>
      {(damages.value ?? []).map((damage) => (
        <Damage key={damage.file} damage={damage} />
      ))}
      {history.damagedFiles > 0 && <p className="dw-fine">{t("history.settings.damageText")}</p>}
    </Card>
  );
}

function Damage({ damage: { file, why, missing, unknown } }: { readonly damage: HistoryDamage }): ReactNode {
  const { t, language, zone } = useWords();
  return (
    <section className="dw-block">
      <b>{file}</b> <small>{why}</small>
      {unknown && <p className="dw-quiet">{t("history.settings.damageUnknown")}</p>}
      {!unknown && missing.length === 0 && <p className="dw-quiet">{t("history.settings.nothingMissing")}</p>}
      {missing.length > 0 && (
        <ul>
          {missing.slice(0, MAX_NAMED).map(({ signal, name, from, to, count }) => (
            <li key={`${signal} ${from}`}>
              {name}: {t("history.settings.missing", { count })}{" "}
              <small>{`${momentText(from, zone, language)} – ${momentText(to, zone, language)}`}</small>
            </li>
          ))}
          {missing.length > MAX_NAMED && <li>{t("history.settings.more", { count: missing.length - MAX_NAMED })}</li>}
        </ul>
      )}
    </section>
  );
}
