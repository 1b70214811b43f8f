import { UnstyledButton } from "@mantine/core";
import { Fragment, type CSSProperties, type ReactNode } from "react";
import { durationText, momentText, numberText, signedText, useScope, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { ParetoRow } from "../../contract.ts";
import type { ParetoBy } from "../../model/pareto.ts";
import { WhatIf, type KnownEffects } from "../what-if.tsx";
import { rowText } from "./pareto-text.ts";

interface Props {
  readonly rows: readonly ParetoRow[];
  readonly by: ParetoBy;
  readonly title: string;
  /** What the rows add up to; undefined: they add up to nothing. */
  readonly sumS: number | undefined;
  readonly line: string;
  readonly effects: KnownEffects;
}

const SHOWN = 3;

/** Bars, the largest first; a mark has what it was in the period before, and where rows add up a line has their share up to each. */
export function ParetoRows({ rows, by, title, sumS, line, effects }: Props): ReactNode {
  const { t } = useWords();
  const most = Math.max(1, ...rows.map(({ seconds, before }) => Math.max(seconds, before.seconds)));
  let sum = 0;
  return (
    <table className="dw-pareto-rows" aria-label={title}>
      <thead>
        <tr>
          <th>{t("losses.pareto.loss")}</th>
          <th aria-label={t("losses.pareto.bar")} />
          <th className="is-number">{t("losses.cascade.min")}</th>
          {sumS !== undefined && <th className="is-number">{t("losses.cascade.units")}</th>}
          <th className="is-number">{t("losses.pareto.count")}</th>
          {sumS !== undefined && <th className="is-number">{t("losses.pareto.share")}</th>}
          <th className="is-number">{t("losses.pareto.change")}</th>
          <th>{t("losses.pareto.longest")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          sum += row.seconds;
          return (
            <Row
              key={row.key}
              row={row}
              by={by}
              most={most}
              share={sumS === undefined || sumS <= 0 ? undefined : sum / sumS}
              hasSum={sumS !== undefined}
              line={line}
              effects={effects}
            />
          );
        })}
      </tbody>
    </table>
  );
}

interface RowProps {
  readonly row: ParetoRow;
  readonly by: ParetoBy;
  readonly most: number;
  readonly share: number | undefined;
  readonly hasSum: boolean;
  readonly line: string;
  readonly effects: KnownEffects;
}

function Row({ row, by, most, share, hasSum, line, effects }: RowProps): ReactNode {
  const words = useWords();
  const { t, language } = words;
  const { seconds, units, count, before, longest } = row;
  const change = (seconds - before.seconds) / 60;
  return (
    <tr>
      <th scope="row">{rowText(row, by, words)}</th>
      <td className="dw-pareto-bar">
        <i
          className={`is-${row.state ?? "reason"}`}
          style={{ "--now": percent(seconds / most), "--before": percent(before.seconds / most) } as CSSProperties}
          title={t("losses.pareto.barOf", {
            now: durationText(Math.max(0, seconds) * 1e6, language),
            before: durationText(Math.max(0, before.seconds) * 1e6, language),
          })}
        />
      </td>
      <td className="is-number" data-unit={t("losses.cascade.min")}>
        {numberText(Math.round(seconds / 60), 1)}
      </td>
      {hasSum && (
        <td className="is-number" data-unit={t("losses.cascade.units")}>
          {units === undefined ? "–" : numberText(Math.round(units), 1)}
        </td>
      )}
      <td className="is-number" data-unit={t("losses.pareto.count")}>
        {count === 0 ? "–" : numberText(count, 1)}
      </td>
      {hasSum && <td className="is-number is-share">{share === undefined ? "–" : `${numberText(share * 100, 1)} %`}</td>}
      <td
        className="is-number"
        title={t("losses.pareto.beforeOf", { minutes: numberText(Math.round(before.seconds / 60), 1), count: before.count })}
      >
        {signedText(change, 0)}
      </td>
      <td className="dw-pareto-longest">
        {longest.slice(0, SHOWN).map((span, at) => (
          <Fragment key={`${span.station} ${span.from}`}>
            <Occurrence {...span} />
            {at === 0 && row.state !== "silent" && <WhatIf line={line} {...span} known={effects} />}
          </Fragment>
        ))}
      </td>
    </tr>
  );
}

/** Leads to one second after it began, with its station selected. */
function Occurrence({ station, from, to }: ParetoRow["longest"][number]): ReactNode {
  const studio = useStudio();
  const { time } = useScope();
  const { t, language, zone } = useWords();
  const [moment, duration] = [momentText(from, zone, language, false), durationText(to - from, language)];
  return (
    <UnstyledButton
      aria-label={t("losses.pareto.goTo", { station, moment, duration })}
      title={t("losses.pareto.goTo", { station, moment, duration })}
      onClick={() => {
        studio.address.go({ subject: station });
        time.goTo(Math.min(to, from + 1_000_000));
      }}
    >
      {moment} <small>{duration}</small>
    </UnstyledButton>
  );
}

const percent = (share: number): string => `${Math.min(100, Math.max(0, share * 100)).toFixed(2)}%`;
