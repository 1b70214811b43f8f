import { Tooltip } from "@mantine/core";
import type { ReactNode } from "react";
import type { KpiEstimate } from "@doppelwerk/client";
import { useWords } from "../session/context.tsx";
import { differenceOf, fixedText, signedText } from "../values/number.ts";
import { verdictText } from "./shown-verdict.ts";
import "./charts.css";

/** How a KPI is written: factor from its unit, digits, and which direction is good. */
const forms: Readonly<Record<KpiEstimate["key"], { readonly digits: number; readonly better: 1 | -1 | 0 }>> = {
  throughput: { digits: 0, better: 1 },
  good: { digits: 0, better: 1 },
  oee: { digits: 1, better: 1 },
  wip: { digits: 0, better: -1 },
  leadTime: { digits: 1, better: -1 },
  rework: { digits: 1, better: -1 },
};

/** Units of KPIs that are words. */
const UNIT_CODES: Readonly<Partial<Record<string, "unit.perShift" | "unit.per100Units" | "unit.parts">>> = {
  "/shift": "unit.perShift",
  "/100 units": "unit.per100Units",
  parts: "unit.parts",
};

/** Branch against live: value, paired difference as dot and interval, verdict in a word. Both intervals are named on hover (P1). */
export function KpiTable({ kpis, compact = false }: { readonly kpis: readonly KpiEstimate[]; readonly compact?: boolean }): ReactNode {
  const { t } = useWords();
  return (
    <table className={`dw-kpis ${compact ? "is-compact" : ""}`}>
      {!compact && (
        <thead>
          <tr>
            <th>{t("decide.kpi")}</th>
            <th className="is-number">{t("decide.live")}</th>
            <th className="is-number">{t("decide.branch")}</th>
            <th className="is-middle">{t("decide.difference")}</th>
            <th className="is-number">{t("decide.verdict")}</th>
            <th className="is-number">{t("decide.oneShiftHead")}</th>
          </tr>
        </thead>
      )}
      <tbody>
        {kpis.map((kpi) => (
          <KpiRow key={kpi.key} kpi={kpi} compact={compact} />
        ))}
      </tbody>
    </table>
  );
}

function KpiRow({ kpi, compact }: { readonly kpi: KpiEstimate; readonly compact: boolean }): ReactNode {
  const { t } = useWords();
  const { digits: own } = forms[kpi.key];
  // terms and difference have the same decimals, and the difference is that of the terms as they are written
  const digits = own === 0 && kpi.key === "wip" && Math.abs(kpi.difference.halfWidth) < 10 ? 1 : own;
  const code = UNIT_CODES[kpi.unit];
  const word = code === undefined ? kpi.unit : t(code);
  const unit = word === "" ? "" : `\u202f${word}`;
  const evident = kpi.verdict !== "no evidence";
  const written = differenceOf(kpi.live.mean, kpi.branch.mean, digits);
  const difference = `${signedText(written, digits)} ± ${fixedText(kpi.difference.halfWidth, digits)}`;
  const named = t("decide.named", {
    mean: fixedText(kpi.branch.mean, digits),
    confidence: halfText(kpi.branch.confidence, digits),
    low: fixedText(kpi.branch.predictionLow, digits),
    high: fixedText(kpi.branch.predictionHigh, digits),
    share: Math.round(kpi.branch.inputShare * 100),
  });
  return (
    <tr>
      <td>
        {t(`kpi.${kpi.key}`)} <small>{word}</small>
      </td>
      {!compact && (
        <td className="is-number">
          {fixedText(kpi.live.mean, digits)} <small>± {halfText(kpi.live.confidence, digits)}</small>
        </td>
      )}
      <td className="is-number">
        <Tooltip label={named} multiline w={260}>
          <span>
            {fixedText(kpi.branch.mean, digits)}
            {compact ? "" : <small> ± {halfText(kpi.branch.confidence, digits)}</small>}
          </span>
        </Tooltip>
      </td>
      <td>
        <DotInterval {...kpi.difference} verdict={kpi.verdict} title={difference + unit} />
      </td>
      <td
        className={`is-number dw-verdict is-${kpi.verdict.replace(" ", "-")}`}
        title={t("decide.verdictHint", { least: fixedText(kpi.difference.relevant, digits + 1) + unit })}
      >
        {evident && compact ? (
          <b>{difference}</b>
        ) : evident ? (
          <b>{t(`verdict.${kpi.verdict}`)}</b>
        ) : (
          verdictText({ ...kpi.difference, verdict: kpi.verdict }, t)
        )}
        {!compact && <small> {difference}</small>}
      </td>
      {!compact && (
        <td className="is-number">
          {fixedText(kpi.branch.predictionLow, digits)}–{fixedText(kpi.branch.predictionHigh, digits)}
          <small>{unit}</small>
        </td>
      )}
    </tr>
  );
}

/** A half-width with one digit more than its mean when it is small. */
function halfText(halfWidth: number | undefined, digits: number): string {
  return fixedText(halfWidth, halfWidth !== undefined && halfWidth < 10 ? Math.max(1, digits) : digits);
}

/** A difference and its 95 % interval about zero; the scale is the row's own, so only sides compare, unless `reach` gives one that rows share. */
export function DotInterval({
  mean,
  halfWidth,
  verdict,
  title,
  relevant = 0,
  reach: shared,
}: {
  readonly mean: number;
  readonly halfWidth: number;
  /** The smallest difference that matters: within it, to both sides of zero, nothing is better or worse. */
  readonly relevant?: number;
  readonly verdict: KpiEstimate["verdict"];
  readonly title: string;
  /** Of a scale that rows share. */
  readonly reach?: number;
}): ReactNode {
  const reach = Math.max(shared ?? Math.max(Math.abs(mean) + halfWidth, relevant), 1e-9) * 1.12;
  const x = (value: number): number => 50 + (value / reach) * 48;
  return (
    <svg className={`dw-dot is-${verdict.replace(" ", "-")}`} viewBox="0 0 100 14" width="100" height="14" role="img" aria-label={title}>
      {relevant > 0 && <rect x={x(-relevant)} width={x(relevant) - x(-relevant)} y="1" height="12" className="dw-dot-small" />}
      <line x1="50" x2="50" y1="1" y2="13" className="dw-dot-zero" />
      <line x1={x(mean - halfWidth)} x2={x(mean + halfWidth)} y1="7" y2="7" className="dw-dot-line" />
      <circle cx={x(mean)} cy="7" r="3.4" />
    </svg>
  );
}
