import { Button } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import type { ReactNode } from "react";
import { HOUR } from "@doppelwerk/world";
import { BackToDecide } from "../decide/back-to-decide.tsx";
import { Empty, Waiting, useWords, ErrorCode } from "@doppelwerk/kit/studio";
import { LogForm, type Period } from "./log-form.tsx";
import { LogReport } from "./log-report.tsx";
import { useEventLog, type EventLogState } from "./use-event-log.ts";
import "../decide/decide.css";
import "./event-log.css";

/** Comes with the simulator and the viewer, so only when a line is watched. */
const ModelFile = lazy(() => import("../model-file/model-file.tsx"));

/** A log of production (CSV, XES) dropped here becomes a line, its bottleneck and a forecast with its error; nothing of it is kept. */
export default function EventLog(): ReactNode {
  const { t, zone } = useWords();
  const [offset, setOffset] = useState<number | string>(() => zone.offsetAt(Date.now() * 1000) / HOUR);
  const [period, setPeriod] = useState<Period>("auto");
  const [watching, setWatching] = useState(false);
  const log = useEventLog({
    utcOffset: Math.round(Number(offset || 0) * 60),
    periodS: period === "auto" ? undefined : Number(period),
  });
  if (watching && log.shown !== undefined)
    return (
      <Suspense fallback={<Waiting />}>
        <ModelFile given={{ name: log.shown.name, text: JSON.stringify(log.shown.report.model) }} onClose={() => setWatching(false)} />
      </Suspense>
    );
  return (
    <div
      className="dw-page dw-decide dw-event-log"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        const [dropped] = event.dataTransfer.files;
        if (dropped !== undefined) log.read(dropped);
      }}
    >
      <div className="dw-decide-left">
        <BackToDecide />
        <LogForm offset={offset} onOffset={setOffset} period={period} onPeriod={setPeriod} log={log} />
        <p className="dw-quiet">{t("simulate.eventLog.about")}</p>
      </div>
      <div className="dw-decide-right">
        <Reading log={log} />
        {log.shown !== undefined && <LogReport {...log.shown} onWatch={() => setWatching(true)} />}
      </div>
    </div>
  );
}

/** What stands in place of a report: nothing yet, under way, or why there is none. */
function Reading({ log: { file, busy, failure, shown, stop } }: { readonly log: EventLogState }): ReactNode {
  const { t } = useWords();
  const name = file?.name ?? "";
  if (busy)
    return (
      <div className="dw-empty" role="status">
        <h3>{t("simulate.eventLog.reading", { name })}</h3>
        <span>{t("simulate.eventLog.readingText")}</span>
        <Button variant="default" onClick={stop}>
          {t("simulate.decide.stop")}
        </Button>
      </div>
    );
  if (failure !== undefined)
    return (
      <div className="dw-empty" role="alert">
        <h3>{t("simulate.eventLog.failed", { name })}</h3>
        <span>{failure.message}</span>
        <span>{t("simulate.eventLog.failedText")}</span>
        <ErrorCode code={failure.code} />
      </div>
    );
  return shown === undefined ? <Empty title={t("simulate.eventLog.emptyTitle")} text={t("simulate.eventLog.emptyText")} /> : null;
}
