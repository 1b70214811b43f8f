import type { ReactNode } from "react";
import { AddressLink, numberText, percentText, useWords } from "@doppelwerk/kit/studio";
import type { AlarmPerformance } from "../../contract.ts";
import type { FigureId } from "../../model/figures.ts";
import { whenLink } from "./alarm-links.ts";

type Figure = AlarmPerformance["figures"][number];

/** Each figure with what is recommended, its clause, its counts and its time base. */
export function Figures({ found }: { readonly found: AlarmPerformance }): ReactNode {
  const { t } = useWords();
  return (
    <ul className="dw-figures">
      {found.figures.map((figure) => (
        <li key={figure.id} className={`is-${figure.verdict}`}>
          <span>{t(`alarmManagement.figure.${figure.id as FigureId}`)}</span>
          <b>
            <Value figure={figure} found={found} />
          </b>
          <small className="dw-figures-verdict">
            {t(`alarmManagement.verdict.${figure.verdict}`)} · {t("alarmManagement.most", { value: mostText(figure) })}
          </small>
          <small>{baseText(figure, t)}</small>
          <small>{t("alarmManagement.clause", { clause: figure.clause })}</small>
        </li>
      ))}
    </ul>
  );
}

function valueText(value: number, unit: Figure["unit"]): string {
  if (unit === "share") return percentText(value, value > 0 && value < 0.1 ? 1 : 0);
  return unit === "alarms" ? String(value) : numberText(value, 0.01);
}

function mostText({ most, unit }: Figure): string {
  return unit === "share" ? percentText(most, 0) : String(most);
}

/** The peak leads to its instant, every other figure to the alarms of the span. */
function Value({ figure, found }: { readonly figure: Figure; readonly found: AlarmPerformance }): ReactNode {
  const text = valueText(figure.value, figure.unit);
  const { peak, from, to } = found;
  const isPeak = figure.id === "peak" && peak.at !== undefined;
  return <AddressLink to={isPeak ? whenLink(peak.at! - 600e6, peak.at! + 1e6) : whenLink(from, to)}>{text}</AddressLink>;
}

function baseText({ id, base, count, below }: Figure, t: ReturnType<typeof useWords>["t"]): string {
  const shown = (value: number): string => numberText(value, Number.isInteger(value) ? 1 : 0.1);
  if (base === "span") return t("alarmManagement.base.span");
  if (base === "rules") return t("alarmManagement.base.rules", { count });
  const code = id === "rate" ? "rate" : base;
  return t(`alarmManagement.base.${code}`, { count: shown(count), below: shown(below ?? 0) });
}
