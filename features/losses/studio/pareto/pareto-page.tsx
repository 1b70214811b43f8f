import { Button, SegmentedControl, TextInput } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import type { ReactNode } from "react";
import {
  Empty,
  Failure,
  fileName,
  LIVE,
  MINUTE,
  NotReadAgain,
  numberText,
  periodText,
  saveFile,
  signedText,
  useLoad,
  useScope,
  useStore,
  useStudio,
  useWords,
  Waiting,
} from "@doppelwerk/kit/studio";
import * as calls from "../../calls.ts";
import type { LossPareto } from "../../contract.ts";
import { PARETO_BY, type ParetoBy } from "../../model/pareto.ts";
import { choiceOf, dayNameOf, detailOf, spanOf, SPANS, type ParetoChoice } from "./pareto-choice.ts";
import { paretoCsv } from "./pareto-csv.ts";
import { ParetoRows } from "./pareto-rows.tsx";
import { useEffects } from "../what-if.tsx";
import "./pareto.css";

const EVERY_MS = 60_000;
const CHANGED_BY = ["stopCoding", "lossReason"] as const;

/** Losses over days, weeks and months: by reason, station, state or product, in minutes and units, beside the period before. */
export default function ParetoPage(): ReactNode {
  const studio = useStudio();
  const { branch, line, time } = useScope();
  const { zone } = useWords();
  const { detail } = useStore(studio.address.store);
  const shown = useStore(time.shown);
  const choice = choiceOf(detail);
  const isMoving = shown === undefined && typeof choice.span === "string";
  const spanAt = () => spanOf(choice, Math.floor(time.instant() / MINUTE) * MINUTE, zone);
  const loaded = useLoad(
    {
      key: ["GET /loss-pareto", branch, line, detail, isMoving ? "live" : spanAt().to],
      run: ({ client }, signal) => calls.pareto(client, { query: { branch, line, by: choice.by, ...spanAt() } }, { signal }),
      changedBy: { kinds: CHANGED_BY },
    },
    { everyMs: isMoving ? EVERY_MS : undefined },
  );
  const pareto = loaded.value;
  return (
    <div className="dw-page dw-pareto dw-report">
      <Tools choice={choice} pareto={pareto} />
      {pareto === undefined && loaded.kind === "failed" && <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />}
      {pareto === undefined && loaded.kind !== "failed" && <Waiting />}
      {pareto !== undefined && (
        <>
          <NotReadAgain loaded={loaded} />
          <Losses pareto={pareto} by={choice.by} />
        </>
      )}
    </div>
  );
}

function Tools({ choice, pareto }: { readonly choice: ParetoChoice; readonly pareto: LossPareto | undefined }): ReactNode {
  const studio = useStudio();
  const { time, branch } = useScope();
  const words = useWords();
  const { t, zone } = words;
  const choose = (next: Partial<ParetoChoice>): void => studio.address.go({ detail: detailOf({ ...choice, ...next }) });
  const { from, to } = spanOf(choice, time.instant(), zone);
  const own = typeof choice.span === "string" ? { first: dayNameOf(from, zone), last: dayNameOf(to - 1, zone) } : choice.span;
  const chooseDays = (next: Partial<typeof own>): void => {
    const [first, last] = [next.first ?? own.first, next.last ?? own.last];
    if (first !== "" && last !== "") choose({ span: first <= last ? { first, last } : { first: last, last: first } });
  };
  return (
    <div className="dw-pareto-tools dw-screen-only">
      <SegmentedControl
        size="xs"
        aria-label={t("losses.pareto.span")}
        data={Object.keys(SPANS).map((each) => ({ value: each, label: t(`losses.pareto.${each as keyof typeof SPANS}`) }))}
        value={typeof choice.span === "string" ? choice.span : ""}
        onChange={(value) => choose({ span: value as keyof typeof SPANS })}
      />
      <span className="dw-pareto-days">
        <TextInput
          size="xs"
          type="date"
          aria-label={t("losses.pareto.first")}
          value={own.first}
          onChange={({ currentTarget: { value } }) => chooseDays({ first: value })}
        />
        –
        <TextInput
          size="xs"
          type="date"
          aria-label={t("losses.pareto.last")}
          value={own.last}
          onChange={({ currentTarget: { value } }) => chooseDays({ last: value })}
        />
      </span>
      <SegmentedControl
        size="xs"
        aria-label={t("losses.pareto.by")}
        data={PARETO_BY.map((each) => ({ value: each, label: t(`losses.pareto.by.${each}`) }))}
        value={choice.by}
        onChange={(value) => choose({ by: value as ParetoBy })}
      />
      <span className="dw-grow" />
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconDownload size={14} />}
        disabled={pareto === undefined || pareto.rows.length === 0}
        onClick={() =>
          pareto &&
          saveFile(
            fileName(["losses", pareto.line, own.first, own.last, choice.by, branch === LIVE ? undefined : branch], "csv"),
            new TextEncoder().encode(paretoCsv(pareto, choice.by, words)),
          )
        }
      >
        {t("losses.pareto.csv")}
      </Button>
    </div>
  );
}

function Losses({ pareto, by }: { readonly pareto: LossPareto; readonly by: ParetoBy }): ReactNode {
  const { t, language, zone } = useWords();
  const { station, lostS, plannedBusyS, lostUnits, before, rows, shifts, from, to, line } = pareto;
  const effects = useEffects({ from, to, line });
  if (shifts === 0)
    return <Empty title={t("losses.pareto.none")} text={t("losses.pareto.noneText", { span: periodText(from, to, zone, language) })} />;
  const [own, others] = [rows.filter(({ isConstraint }) => isConstraint), rows.filter(({ isConstraint }) => !isConstraint)];
  const minutes = (seconds: number): string => numberText(Math.round(seconds / 60), 1);
  const change =
    before.plannedBusyS > 0 && plannedBusyS > 0 ? (lostS / plannedBusyS - before.lostS / before.plannedBusyS) * 100 : undefined;
  return (
    <>
      <header className="dw-pareto-head">
        <h2>
          {station === ""
            ? t("losses.budget.noConstraint")
            : t("losses.budget.titleOf", { station, lost: minutes(lostS), busy: minutes(plannedBusyS) })}
        </h2>
        <p className="dw-quiet-text">
          {periodText(from, to, zone, language)} · {t("losses.pareto.shifts", { count: shifts })}
          {lostUnits !== undefined &&
            ` · ${t("losses.budget.unitsLost", { count: Math.round(lostUnits), units: numberText(Math.round(lostUnits), 1) })}`}
          {before.shifts === 0
            ? ` · ${t("losses.pareto.noBefore")}`
            : ` · ${t("losses.pareto.before", {
                share: numberText((before.lostS / Math.max(1, before.plannedBusyS)) * 100, 0.1),
                now: numberText((lostS / Math.max(1, plannedBusyS)) * 100, 0.1),
                change: signedText(change, 1),
                count: before.shifts,
              })}`}
        </p>
      </header>
      {own.length > 0 && (
        <ParetoRows rows={own} by={by} title={t("losses.pareto.ofConstraint", { station })} sumS={lostS} line={line} effects={effects} />
      )}
      {others.length > 0 && (
        <section className="dw-pareto-others">
          <h2>{t("losses.pareto.others")}</h2>
          <p className="dw-quiet-text">{t("losses.pareto.othersText", { station: station === "" ? "–" : station })}</p>
          <ParetoRows rows={others} by={by} title={t("losses.pareto.others")} sumS={undefined} line={line} effects={effects} />
        </section>
      )}
      {pareto.counted.length === 0 && <p className="dw-quiet-text">{t("losses.pareto.notCounted")}</p>}
    </>
  );
}
