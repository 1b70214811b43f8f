import { Button, SegmentedControl } from "@mantine/core";
import { IconDownload, IconHandStop } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import {
  Card,
  Failure,
  fileName,
  momentText,
  NotReadAgain,
  saveFile,
  useLoad,
  useScope,
  useStore,
  useStudio,
  useTask,
  useWords,
  Waiting,
} from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { Hold, Visit } from "../contract.ts";
import { HoldDialog, HoldText } from "./hold-list.tsx";
import { TraceTable } from "./trace-table.tsx";

/** A thing: where it is, what holds it, what it is made of or went into, and what happened to it. */
export function ThingView({ thing, onOpen }: { readonly thing: string; readonly onOpen: (thing: string) => void }): ReactNode {
  const { t, language, zone } = useWords();
  const [asked, setAsked] = useState<"hold" | Hold>();
  const loaded = useLoad({
    key: ["GET /tracking/history", thing],
    run: ({ client }, signal) => calls.history(client, { query: { thing } }, { signal }),
    changedBy: { kinds: ["trackingHold"] },
  });
  const value = loaded.value;
  if (value === undefined)
    return loaded.kind === "failed" ? <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} /> : <Waiting />;
  const { name, short, last } = value.thing;
  return (
    <div className="dw-tracking-main">
      <header className="dw-tracking-head">
        <div>
          <h2>{short}</h2>
          {name !== short && <small className="dw-tracking-name">{name}</small>}
          {last !== undefined && (
            <p>{t("tracking.lastSeen", { place: last.place.name, at: momentText(last.at, zone, language, false) })}</p>
          )}
        </div>
        <Button variant="default" leftSection={<IconHandStop size={16} />} onClick={() => setAsked("hold")}>
          {t("tracking.hold")}
        </Button>
      </header>
      <NotReadAgain loaded={loaded} />
      {value.holds.map((hold) => (
        <div key={hold.id} className="dw-tracking-held" role="status">
          <div>
            <b>{t(hold.thing === name ? "tracking.isHeld" : "tracking.isHeldBy", { thing: hold.short })}</b>
            <HoldText hold={hold} />
          </div>
          <Button size="compact-sm" variant="default" onClick={() => setAsked(hold)}>
            {t("tracking.release")}
          </Button>
        </div>
      ))}
      <Trace thing={name} onOpen={onOpen} />
      <History visits={value.visits} />
      {asked !== undefined && (
        <HoldDialog
          thing={name}
          short={asked === "hold" ? short : asked.short}
          {...(asked !== "hold" && { released: asked })}
          onClose={() => setAsked(undefined)}
        />
      )}
    </div>
  );
}

type Direction = "from" | "into";

function Trace({ thing, onOpen }: { readonly thing: string; readonly onOpen: (thing: string) => void }): ReactNode {
  const studio = useStudio();
  const { time } = useScope();
  const { t } = useWords();
  const shown = useStore(time.shown);
  const [direction, setDirection] = useState<Direction>("from");
  const at = shown === undefined ? undefined : Math.round(shown / 5_000_000) * 5_000_000;
  const loaded = useLoad({
    key: ["GET /tracking/trace", thing, direction, at],
    run: ({ client }, signal) => calls.trace(client, { query: { thing, direction, ...(at !== undefined && { at }) } }, { signal }),
  });
  const task = useTask((_, error) => studio.notifyFailure(error, t("tracking.exportFailed")));
  const save = (): void =>
    task.run(async () =>
      saveFile(
        fileName([thing.split("/").at(-1)!, direction === "into" ? "recall" : "made-of"], "csv"),
        await calls.traceFile(studio.client, { query: { thing, direction } }),
      ),
    );
  const value = loaded.value;
  return (
    <Card title={t("tracking.genealogy")}>
      <div className="dw-tracking-tools">
        <SegmentedControl
          size="sm"
          value={direction}
          onChange={(next) => setDirection(next as Direction)}
          data={[
            { value: "from", label: t("tracking.madeOf") },
            { value: "into", label: t("tracking.wentInto") },
          ]}
        />
        <span className="dw-grow" />
        <Button size="compact-sm" variant="default" leftSection={<IconDownload size={14} />} loading={task.busy} onClick={save}>
          {t("tracking.csv")}
        </Button>
      </div>
      {value === undefined && loaded.kind === "failed" && <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />}
      {value === undefined && loaded.kind !== "failed" && <Waiting />}
      {value !== undefined && <TraceTable trace={value} direction={direction} onOpen={onOpen} />}
    </Card>
  );
}

function History({ visits }: { readonly visits: readonly Visit[] }): ReactNode {
  const { time } = useScope();
  const { t, language, zone } = useWords();
  return (
    <Card title={t("tracking.history")}>
      <ol className="dw-tracking-history">
        {visits.map((visit, at) => (
          <li key={`${visit.at} ${at}`}>
            <button type="button" className="dw-tracking-when" onClick={() => time.goTo(visit.at)}>
              {momentText(visit.at, zone, language, false)}
            </button>
            <span>
              {visit.isError
                ? t("tracking.declaredWrong")
                : t.or(`tracking.step.${visit.step ?? ""}`, visit.step ?? t(`tracking.type.${visit.type as "ObjectEvent"}`))}
              {visit.disposition !== undefined && <small> {t.or(`tracking.disposition.${visit.disposition}`, visit.disposition)}</small>}
            </span>
            <span>{visit.place.name}</span>
          </li>
        ))}
      </ol>
    </Card>
  );
}
