import { Button } from "@mantine/core";
import { useRef } from "react";
import type { ReactNode } from "react";
import {
  Card,
  Empty,
  Failure,
  inLanguage,
  LIVE,
  NotReadAgain,
  useLoad,
  useScope,
  useStore,
  useStudio,
  useWords,
  Waiting,
  zoneOf,
} from "@doppelwerk/kit/studio";
import type { FigureAudit } from "@doppelwerk/ports";
import * as calls from "../calls.ts";
import { FigureSection } from "./figure-section.tsx";
import { ShiftChoice } from "./shift-choice.tsx";
import "./audit.css";

const EVERY_MS = 10_000;
const groups = ["output", "oee", "losses", "time", "alarms", "forecast", "energy"] as const;

/** Every figure of the line or place and the instant shown, with its formula in numbers; one of them open with its inputs. */
export default function AuditPage(): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const { time, line } = useScope();
  const { audit, detail: place, branch, shift: chosen } = useStore(studio.address.store);
  const shown = useStore(time.shown);
  const shift = place === undefined ? chosen : undefined;
  const question = {
    ...(place === undefined ? { line } : { place }),
    ...(shift !== undefined ? { shift } : shown !== undefined && { t: Math.round(shown) }),
  };
  const loaded = useLoad(
    branch === LIVE
      ? { key: ["GET /audit", question], run: ({ client }, signal) => calls.figures(client, { query: question }, { signal }) }
      : undefined,
    { everyMs: shown === undefined && shift === undefined ? EVERY_MS : undefined },
  );
  const snapshot = useStore(studio.snapshot);
  const reading = snapshot?.reading;
  const found = useLast(loaded.value, `${place} ${line}`);
  if (loaded.value === undefined && loaded.kind === "failed")
    return <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />;
  if (found === undefined) return <Waiting />;
  const ownZone = found.timeZone === undefined ? zone : zoneOf(found.timeZone);
  const all: readonly FigureAudit[] = loaded.value?.figures ?? [];
  const ofShift = all.find(({ group }) => group === "output") ?? all.find(({ group }) => group === "oee");
  return (
    <div className="dw-page dw-audit">
      <header className="dw-audit-head">
        <div>
          <h1>{found.title === undefined ? t("audit.title") : t("audit.titleOf", { line: inLanguage(found.title, language) })}</h1>
          <p className="dw-quiet">{t("audit.text")}</p>
        </div>
        <div className="dw-buttons dw-audit-buttons">
          <Button size="compact-sm" variant="default" onClick={() => window.print()}>
            {t("audit.print")}
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => studio.address.go({ audit: undefined })}>
            {t("audit.close")}
          </Button>
        </div>
      </header>
      <ShiftChoice
        shifts={found.shifts ?? []}
        running={shown === undefined ? snapshot?.shift?.from : undefined}
        shown={ofShift?.from ?? shift}
        at={shift === undefined ? (shown ?? studio.now()) : undefined}
        zone={ownZone}
        onChoose={({ from }) => studio.address.go({ shift: from })}
      />
      <NotReadAgain loaded={loaded} />
      {reading !== undefined && <p role="status">{t("audit.reading", { percent: Math.floor(reading * 100) })}</p>}
      {loaded.value === undefined && <Waiting />}
      {loaded.value !== undefined && all.length === 0 && <Empty title={t("audit.none")} text={t("audit.noneText")} />}
      {groups
        .map((group) => ({ group, figures: all.filter((figure) => figure.group === group) }))
        .filter(({ figures }) => figures.length > 0)
        .map(({ group, figures }) => (
          <Card key={group} title={t(`audit.group.${group}`)}>
            {figures.map((figure) => (
              <FigureSection key={figure.id} figure={figure} question={question} zone={ownZone} isOpen={audit === figure.id} />
            ))}
          </Card>
        ))}
    </div>
  );
}

/** The newest value of one subject: what does not depend on the rest of the question stays while that is answered. */
function useLast<Value>(value: Value | undefined, subject: string): Value | undefined {
  const last = useRef<{ readonly subject: string; readonly value: Value } | undefined>(undefined);
  if (value !== undefined) last.current = { subject, value };
  return last.current?.subject === subject ? last.current.value : undefined;
}
