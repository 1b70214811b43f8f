import { NativeSelect, Switch } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import {
  DAY,
  durationText,
  Empty,
  Failure,
  momentText,
  SECOND,
  useOfShift,
  useScope,
  useStore,
  useStudio,
  useWords,
  Waiting,
  whyNoFigures,
} from "@doppelwerk/kit/studio";
import * as calls from "../../calls.ts";
import type { IndicatorsAnswer, KnownIndicator } from "../../contract.ts";
import type {} from "../../message-codes.ts";
import { CUTS, type Cut } from "../../model/cuts.ts";
import { CutTable } from "./cut-table.tsx";
import { IndicatorTable } from "./indicator-table.tsx";
import { KpiInputs } from "./kpi-inputs.tsx";
import { OwnKpis } from "./own-kpis.tsx";
import "./indicators.css";

const GROUPS: readonly KnownIndicator["group"][] = ["production", "quality", "maintenance", "capability", "energy", "material"];

/** Days before the instant shown; 0: the shift that it is in. */
const SPANS = { shift: 0, day: 1, week: 7, month: 30 } as const;
type SpanName = keyof typeof SPANS;

/** The 34 KPIs of ISO 22400-2 of a station or the line, over the shift at the instant shown, and those that people define. */
export default function IndicatorsPage(): ReactNode {
  const studio = useStudio();
  const { t, zone } = useWords();
  const { line } = useScope();
  const { branch, detail: station } = useStore(studio.address.store);
  const commits = useStore(studio.commits);
  const snapshot = useStore(studio.snapshot);
  const [onlyKnown, setOnlyKnown] = useState(false);
  const [by, setBy] = useState<Cut | "">("");
  const [spanName, setSpanName] = useState<SpanName>("shift");
  const asked = `GET /indicators ${branch} ${station ?? ""} ${spanName} ${commits}`;
  const loaded = useOfShift(asked, ({ client, from, to, line: of }, signal) => {
    const begin = spanName === "shift" ? from : to - SPANS[spanName] * DAY;
    const query = { from: begin, to, branch, ...(of !== undefined && { line: of }), ...(station !== undefined && { station }) };
    return calls.indicators({ requester: client.requester }, { query }, { signal });
  });
  const answer = loaded.value;
  if (answer === undefined)
    return (
      <div className="dw-page dw-indicators">
        {loaded.kind === "failed" ? (
          <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />
        ) : snapshot === undefined || loaded.kind === "loading" ? (
          <Waiting />
        ) : (
          <Empty title={t("kpis.indicators.noShift")} text={whyNoFigures(loaded, snapshot, t, zone)} />
        )}
      </div>
    );
  return (
    <div className="dw-page dw-indicators">
      <header className="dw-indicators-head">
        <NativeSelect
          size="sm"
          label={t("kpis.indicators.of")}
          value={station ?? ""}
          data={[{ value: "", label: t("kpis.indicators.wholeLine") }, ...answer.stations.map((id) => ({ value: id, label: id }))]}
          onChange={({ currentTarget: { value } }) => studio.address.amend({ detail: value === "" ? undefined : value })}
        />
        <NativeSelect
          size="sm"
          label={t("kpis.indicators.period")}
          value={spanName}
          data={Object.keys(SPANS).map((value) => ({ value, label: t(`kpis.indicators.spans.${value as SpanName}`) }))}
          onChange={({ currentTarget: { value } }) => setSpanName(value as SpanName)}
        />
        <CutChoice by={by} onChange={setBy} />
        <Span answer={answer} />
        <span className="dw-grow" />
        <Switch
          label={t("kpis.indicators.onlyKnown")}
          checked={onlyKnown}
          onChange={(event) => setOnlyKnown(event.currentTarget.checked)}
        />
      </header>
      {answer.shifts === 0 && <Empty title={t("kpis.indicators.noShift")} text={t("kpis.indicators.noShiftText")} />}
      {answer.shifts > 0 && by !== "" && <CutTable {...{ by, answer, line, station, branch, onlyKnown }} />}
      {answer.shifts > 0 && by === "" && <Groups answer={answer} onlyKnown={onlyKnown} />}
      <OwnKpis key={line ?? ""} own={answer.own} onStored={loaded.reload} />
      <KpiInputs place={station} onStored={loaded.reload} />
    </div>
  );
}

function Groups({
  answer: { indicators, constraint },
  onlyKnown,
}: {
  readonly answer: IndicatorsAnswer;
  readonly onlyKnown: boolean;
}): ReactNode {
  return GROUPS.map((group) => (
    <IndicatorTable
      key={group}
      group={group}
      constraint={constraint}
      rows={indicators.filter((each) => each.group === group && (!onlyKnown || each.value !== undefined))}
    />
  ));
}

/** Nothing: the period as a whole. */
function CutChoice({ by, onChange }: { readonly by: Cut | ""; readonly onChange: (by: Cut | "") => void }): ReactNode {
  const { t } = useWords();
  return (
    <NativeSelect
      size="sm"
      label={t("kpis.cut.label")}
      value={by}
      data={[{ value: "", label: t("kpis.cut.whole") }, ...CUTS.map((value) => ({ value, label: t(`kpis.cut.by.${value}`) }))]}
      onChange={({ currentTarget: { value } }) => onChange(value as Cut | "")}
    />
  );
}

/** Which time the figures are of, how many are known, and what is unknown of it. */
function Span({ answer: { from, to, shifts, unknownS, indicators } }: { readonly answer: IndicatorsAnswer }): ReactNode {
  const { t, language, zone } = useWords();
  const known = indicators.filter(({ value }) => value !== undefined).length;
  const span = t("kpis.indicators.span", { from: momentText(from, zone, language, false), to: momentText(to, zone, language, false) });
  return (
    <div className="dw-indicators-span">
      <b>{t("kpis.indicators.known", { known, all: indicators.length })}</b>
      <span>{shifts === 0 ? span : `${span} · ${t("kpis.indicators.shifts", { shifts })}`}</span>
      {unknownS >= 1 && (
        <span className="dw-indicators-warn">
          {t("kpis.indicators.unknownTime", { duration: durationText(unknownS * SECOND, language) })}
        </span>
      )}
    </div>
  );
}
