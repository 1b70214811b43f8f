import type { ReactNode } from "react";
import type { Kpis, LineInfo } from "@doppelwerk/client";
import {
  Card,
  clockText,
  fixedText,
  percentText,
  TargetMark,
  useKpiTargets,
  useShiftKpis,
  useStore,
  useStudio,
  useWords,
  whyNoFigures,
} from "@doppelwerk/kit/studio";
import type { Translate } from "@doppelwerk/kit/studio";
import { reachesPast } from "./reaches-past.ts";
import "./cards.css";

const FACTORS = ["availability", "effectiveness", "qualityRatio"] as const;

/** Overall equipment effectiveness of the constraint with its three factors. */
export default function OeeCard(): ReactNode {
  const studio = useStudio();
  const [snapshot, line] = [useStore(studio.snapshot), useStore(studio.line)];
  const figures = useShiftKpis();
  // of a shift that is half read no factor is a measure
  const kpis = snapshot?.reading === undefined ? figures.value : undefined;
  const targets = useKpiTargets();
  const { t, zone } = useWords();
  if (snapshot === undefined || line === undefined) return null;
  const constraint = kpis?.constraint || line.constraint;
  const findings = (kpis?.findings ?? []).map((finding) => findingText(finding, t, line));
  // What concerns the constraint's own figure stands under it; the rest is on hover.
  const own = (kpis?.findings ?? [])
    .filter((finding) => finding.startsWith(`${kpis?.constraint}:`))
    .map((finding) => findingText(finding, t, line));
  const parts = FACTORS.map((factor) => ({ label: t(`line.board.${factor}`), value: kpis?.[factor], target: targets.get(factor) }));
  return (
    <Card
      className="dw-board-oee"
      audit="oee.oee"
      title={constraint === "" ? t("line.board.oeeNowhere") : t("line.board.oeeAt", { station: constraint })}
      note={
        kpis === undefined
          ? whyNoFigures(figures, snapshot, t, zone)
          : reachesPast(kpis, snapshot)
            ? t("line.board.upTo", { clock: clockText(kpis.to, zone, false) })
            : "ISO 22400-2"
      }
    >
      <p
        className="dw-figure"
        title={
          kpis === undefined
            ? ""
            : t("line.board.oeeCounts", {
                good: kpis.atConstraint?.good ?? 0,
                produced: kpis.produced,
                busy: Math.round(kpis.plannedBusyS / 60),
                actual: Math.round(kpis.actualProductionS / 60),
                ideal: fixedText(kpis.idealCycleS, 1),
              })
        }
      >
        <b>{fixedText(kpis?.oee === undefined ? undefined : kpis.oee * 100, 1)}</b>
        <span>%</span>
        <TargetMark value={kpis?.oee} target={targets.get("oee")} factor={100} digits={1} />
      </p>
      {parts.map((part) => (
        <div key={part.label} className="dw-oee-line">
          <span>{part.label}</span>
          {/* while nothing of the shift is known its factors are no measure of it */}
          <TargetMark value={kpis?.oee === undefined ? undefined : part.value} target={part.target} factor={100} digits={1} isShort />
          <span>{percentText(part.value)}</span>
          <i>
            <i style={{ width: `${Math.min(1, part.value ?? 0) * 100}%` }} />
            {part.target !== undefined && <b style={{ left: `${Math.min(1, part.target.target) * 100}%` }} />}
          </i>
        </div>
      ))}
      <QualityCounts kpis={kpis} />
      {own.slice(0, 1).map((finding) => (
        <small key={finding} className="dw-finding" title={findings.join("\n")}>
          {finding}
        </small>
      ))}
    </Card>
  );
}

/** The counts that the quality ratio is of; on hover what tells it from the first pass yield. */
function QualityCounts({ kpis }: { readonly kpis: Kpis | undefined }): ReactNode {
  const { t } = useWords();
  if (kpis?.atConstraint === undefined || kpis.produced === 0) return null;
  return (
    <small className="dw-finding" title={t("line.board.qualityMeans")}>
      {t("line.board.qualityCounts", { good: kpis.atConstraint.good, produced: kpis.produced })}
    </small>
  );
}

/** `T30: over100 1.07` in words; a finding of another form is shown as it came. */
function findingText(finding: string, t: Translate, line?: Pick<LineInfo, "constraint" | "taktS">): string {
  const [, station, kind, value] = /^(\S+): (\w+) ([\d.]+)$/.exec(finding) ?? [];
  if (kind === undefined) return finding;
  // P6: the constraint is measured against the takt where one is planned
  const isOfTakt = kind === "over100" && line !== undefined && line.taktS > 0 && line.constraint === station;
  return t.or(`line.finding.${isOfTakt ? "over100OfTakt" : kind}`, finding, {
    station: station!,
    value: Number(value),
    percent: (Number(value) * 100).toFixed(0),
    minutes: Math.max(1, Math.round(Number(value) / 60)),
  });
}
