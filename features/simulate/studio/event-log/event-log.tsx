import { Button, FileButton, NumberInput, Select } from "@mantine/core";
import { IconFileUpload } from "@tabler/icons-react";
import { lazy, Suspense, useRef, useState } from "react";
import type { ReactNode } from "react";
import type { EventLogReport } from "@doppelwerk/client";
import { HOUR } from "@doppelwerk/world";
import { BackToDecide } from "../decide/back-to-decide.tsx";
import { Card, Empty, Waiting, errorText, useStudio, useWords } from "@doppelwerk/kit/studio";
import { LogReport } from "./log-report.tsx";
import "../decide/decide.css";
import "./event-log.css";
import * as simulate from "../../calls.ts";

/** Comes with the simulator and the viewer, so only when a line is watched. */
const ModelFile = lazy(() => import("../model-file/model-file.tsx"));

const periods = ["auto", "3600", "28800", "86400", "604800"] as const;

/** A log of production (CSV, XES) dropped here becomes a line, its bottleneck and a forecast with its error; nothing of it is kept. */
export default function EventLog(): ReactNode {
  const studio = useStudio();
  const { t, zone } = useWords();
  const [offset, setOffset] = useState<number | string>(() => zone.offsetAt(Date.now() * 1000) / HOUR);
  const [period, setPeriod] = useState<(typeof periods)[number]>("auto");
  const [file, setFile] = useState<File | undefined>(undefined);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const [shown, setShown] = useState<{ readonly name: string; readonly report: EventLogReport; readonly utcOffset: number } | undefined>(
    undefined,
  );
  const [watching, setWatching] = useState(false);
  const asked = useRef<AbortController | undefined>(undefined);
  const take = (chosen: File | null): void => {
    if (chosen === null) return;
    asked.current?.abort();
    const controller = new AbortController();
    asked.current = controller;
    const utcOffset = Math.round(Number(offset || 0) * 60);
    setFile(chosen);
    setBusy(true);
    setFailure(undefined);
    setShown(undefined);
    void (async () => {
      try {
        const bytes = new Uint8Array(await chosen.arrayBuffer());
        const name = chosen.name.slice(0, 200);
        const options = { utcOffset, ...(period === "auto" ? {} : { periodS: Number(period) }) };
        const report = await simulate.reportEventLog(
          studio.client,
          { query: { name, ...options }, body: bytes },
          { signal: controller.signal },
        );
        if (asked.current === controller) setShown({ name, report, utcOffset });
      } catch (error) {
        if (asked.current === controller) setFailure(errorText(error));
      }
      if (asked.current === controller) setBusy(false);
    })();
  };
  const stop = (): void => {
    asked.current?.abort();
    asked.current = undefined;
    setBusy(false);
  };
  if (watching && shown !== undefined)
    return (
      <Suspense fallback={<Waiting />}>
        <ModelFile given={{ name: shown.name, text: JSON.stringify(shown.report.model) }} onClose={() => setWatching(false)} />
      </Suspense>
    );
  return (
    <div
      className="dw-page dw-decide dw-event-log"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        take(event.dataTransfer.files[0] ?? null);
      }}
    >
      <div className="dw-decide-left">
        <BackToDecide />
        <Card title={t("simulate.eventLog.title")} note="CSV, XES">
          <div className="dw-log-form">
            <NumberInput
              size="sm"
              label={t("simulate.eventLog.zone")}
              description={t("simulate.eventLog.zoneHint")}
              suffix=" h"
              min={-14}
              max={14}
              step={0.5}
              value={offset}
              onChange={setOffset}
            />
            <Select
              size="sm"
              label={t("simulate.eventLog.periodOfForecast")}
              allowDeselect={false}
              data={periods.map((value) => ({ value, label: t(`simulate.eventLog.periods.${value}`) }))}
              value={period}
              onChange={(value) => setPeriod(value ?? "auto")}
            />
            <FileButton onChange={take} accept=".csv,.tsv,.txt,.xes,.xml,.gz">
              {(props) => (
                <Button {...props} size="sm" loading={busy} leftSection={<IconFileUpload size={16} />}>
                  {t("simulate.eventLog.choose")}
                </Button>
              )}
            </FileButton>
            {file !== undefined && !busy && (
              <Button size="sm" variant="default" onClick={() => take(file)}>
                {t("simulate.eventLog.again", { name: file.name })}
              </Button>
            )}
          </div>
        </Card>
        <p className="dw-quiet">{t("simulate.eventLog.about")}</p>
      </div>
      <div className="dw-decide-right">
        {busy && (
          <div className="dw-empty" role="status">
            <h3>{t("simulate.eventLog.reading", { name: file?.name ?? "" })}</h3>
            <span>{t("simulate.eventLog.readingText")}</span>
            <Button variant="default" onClick={stop}>
              {t("simulate.decide.stop")}
            </Button>
          </div>
        )}
        {failure !== undefined && (
          <div className="dw-empty" role="alert">
            <h3>{t("simulate.eventLog.failed", { name: file?.name ?? "" })}</h3>
            <span>{failure}</span>
            <span>{t("simulate.eventLog.failedText")}</span>
          </div>
        )}
        {shown !== undefined && <LogReport {...shown} onWatch={() => setWatching(true)} />}
        {!busy && failure === undefined && shown === undefined && (
          <Empty title={t("simulate.eventLog.emptyTitle")} text={t("simulate.eventLog.emptyText")} />
        )}
      </div>
    </div>
  );
}
