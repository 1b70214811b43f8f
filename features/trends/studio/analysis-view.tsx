import type { ReactNode } from "react";
import { Empty, trendNotes, useSignal, useStore, useStudio, useWords, ViewOutlet } from "@doppelwerk/kit/studio";
import { formatChoice, parseChoice, signalsOf, type Choice, type Mode } from "./choice.ts";
import { AnalysisTools } from "./analysis-tools.tsx";
import { CompareMode } from "./modes/compare-mode.tsx";
import { CurvesMode } from "./modes/curves-mode.tsx";
import { HistogramMode } from "./modes/histogram-mode.tsx";
import { SpectrumMode } from "./modes/spectrum-mode.tsx";
import { TrendMode } from "./modes/trend-mode.tsx";
import { XyMode } from "./modes/xy-mode.tsx";
import { useOfLine } from "./use-of-line.ts";
import { usePeriod, whole } from "./use-series.ts";
import "./analysis.css";

export interface ModeProps {
  readonly choice: Choice;
  /** Those of the link; without any, what says most of the constraint. */
  readonly sources: readonly string[];
  readonly onChoose: (change: Partial<Choice>) => void;
}

/** One question of an engineer at a time: over time, against other periods, against each other, how often, which frequencies, and curves of serials. */
export default function AnalysisView(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { detail } = useStore(studio.address.store);
  const choice = parseChoice(detail);
  const ofLine = useOfLine();
  const sources = choice.sources.length > 0 ? choice.sources : ofLine;
  const onChoose = (change: Partial<Choice>): void => {
    const text = formatChoice({ ...choice, ...change });
    studio.address.amend({ detail: text === "" ? undefined : text });
  };
  // what the signals are may be known later than they are shown
  useSignal(signalsOf(sources)[0]);
  const needsSources = choice.mode !== "curves";
  const Shown = SHOWN[choice.mode];
  return (
    <div className="dw-page dw-analysis">
      <AnalysisTools choice={choice} sources={sources} onChoose={onChoose} />
      {needsSources && sources.length === 0 ? (
        <Empty title={t("trends.chooseTitle")} text={t("trends.chooseText")} />
      ) : (
        <Shown choice={choice} sources={sources} onChoose={onChoose} />
      )}
      {(choice.mode === "trend" || choice.mode === "histogram") && <Below choice={choice} sources={sources} />}
    </div>
  );
}

const SHOWN: Readonly<Record<Mode, (props: ModeProps) => ReactNode>> = {
  trend: TrendMode,
  compare: CompareMode,
  xy: XyMode,
  histogram: HistogramMode,
  spectrum: SpectrumMode,
  curves: CurvesMode,
};

/** What other features have below trends of this stretch: notes, alarm limits that it suggests and those that were drawn. */
function Below({ choice, sources }: { readonly choice: Choice; readonly sources: readonly string[] }): ReactNode {
  const studio = useStudio();
  const { period } = usePeriod(choice);
  const signals = signalsOf(sources);
  if (signals.length === 0) return null;
  const drawn = choice.limits.filter(({ signal }) => signals.includes(signal));
  return studio.views
    .of(trendNotes)
    .map((each) => <ViewOutlet key={each.id} view={each} props={{ ...whole(period), signals, ...(drawn.length > 0 && { drawn }) }} />);
}
