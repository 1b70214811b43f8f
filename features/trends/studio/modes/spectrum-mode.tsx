import { Select } from "@mantine/core";
import type { ReactNode } from "react";
import {
  Card,
  Failure,
  numberText,
  percentText,
  periodText,
  useLoad,
  useStudio,
  useThemeTokens,
  useWords,
  Waiting,
  withUnit,
} from "@doppelwerk/kit/studio";
import * as calls from "../../calls.ts";
import type { SpectrumAnswer } from "../../contract.ts";
import { WINDOWS, type WindowName } from "../../model/spectrum.ts";
import type { ModeProps } from "../analysis-view.tsx";
import { signalsOf } from "../choice.ts";
import type { Figure } from "../plot/figure.ts";
import { Plot } from "../plot/plot.tsx";
import { hueOf, useNaming } from "../use-names.ts";
import { usePeriod, whole } from "../use-series.ts";

const HEIGHT = 340;
const NAMED_PEAKS = 3;

/** Which frequencies each signal holds, up to half the rate of its samples; what is not known is left out, never made up. */
export function SpectrumMode({ choice, sources, onChoose }: ModeProps): ReactNode {
  const { t } = useWords();
  const signals = signalsOf(sources);
  if (signals.length === 0) return <p className="dw-quiet">{t("trends.histogram.needsOne")}</p>;
  return (
    <>
      <div className="dw-analysis-row">
        <Select
          size="xs"
          w={170}
          label={t("trends.spectrum.window")}
          value={choice.window}
          allowDeselect={false}
          data={WINDOWS.map((value) => ({ value, label: t(`trends.spectrum.windows.${value}`) }))}
          onChange={(window) => onChoose({ sources, window: window as WindowName })}
        />
      </div>
      {signals.map((signal, at) => (
        <SpectrumCard key={signal} signal={signal} hue={at} choice={choice} />
      ))}
    </>
  );
}

function SpectrumCard({
  signal: id,
  hue,
  choice,
}: {
  readonly signal: string;
  readonly hue: number;
  readonly choice: ModeProps["choice"];
}): ReactNode {
  const studio = useStudio();
  const { language, zone } = useWords();
  const naming = useNaming();
  const { period, key } = usePeriod(choice);
  const loaded = useLoad(
    (signal) => calls.spectrum(studio.client, { query: { signal: id, ...whole(period), window: choice.window } }, { signal }),
    [id, key, choice.window],
  );
  const found = loaded.value;
  return (
    <Card title={naming.nameOf(id)} note={periodText(period.from, period.to, zone, language)}>
      {loaded.kind === "failed" && <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />}
      {found === undefined && loaded.kind !== "failed" && <Waiting />}
      {found !== undefined && <SpectrumPlot found={found} hue={hue} />}
    </Card>
  );
}

function SpectrumPlot({ found, hue }: { readonly found: SpectrumAnswer; readonly hue: number }): ReactNode {
  const { t } = useWords();
  const naming = useNaming();
  const colours = useThemeTokens();
  const { spectrum, samples, grid, inGaps } = found;
  if (spectrum === undefined) return <p className="dw-quiet">{t("trends.spectrum.tooFew", { samples, gaps: inGaps })}</p>;
  const { amplitude, resolution, nyquist, stepS, length, used, leftOut } = spectrum;
  const x = Float64Array.from(amplitude, (_, line) => (line + 1) * resolution);
  const figure: Figure = {
    x: { from: resolution, to: nyquist },
    xKind: "log",
    xName: t("trends.spectrum.frequency"),
    isLogY: true,
    parts: [
      {
        kind: "line",
        name: t("trends.spectrum.amplitude"),
        unit: naming.unitOf(found.signal, found.unit),
        colour: colours[hueOf(hue)],
        x,
        y: amplitude,
      },
    ],
  };
  const text = (hertz: number): string => `${withUnit(numberText(hertz), "Hz")} (${withUnit(numberText(1 / hertz), "s")})`;
  return (
    <>
      <Plot label={t("trends.plot.spectrum", { name: naming.nameOf(found.signal) })} figure={figure} height={HEIGHT} />
      <p className="dw-analysis-text">
        {t("trends.spectrum.peaks", {
          peaks: peaksOf(amplitude)
            .map((line) => `${text((line + 1) * resolution)}: ${withUnit(numberText(amplitude[line]!), found.unit)}`)
            .join("; "),
        })}
      </p>
      <p className="dw-analysis-text">
        {t("trends.spectrum.terms", {
          step: numberText(stepS),
          nyquist: text(nyquist),
          resolution: withUnit(numberText(resolution), "Hz"),
          length,
          used,
        })}{" "}
        {t("trends.spectrum.gaps", { share: percentText(grid === 0 ? 0 : inGaps / grid), leftOut })}
      </p>
    </>
  );
}

/** The highest lines that are higher than their neighbours. */
function peaksOf(amplitude: readonly number[]): readonly number[] {
  return amplitude
    .map((value, line) => ({ value, line }))
    .filter(({ value, line }) => value >= (amplitude[line - 1] ?? 0) && value >= (amplitude[line + 1] ?? 0))
    .toSorted((a, b) => b.value - a.value)
    .slice(0, NAMED_PEAKS)
    .map(({ line }) => line);
}
