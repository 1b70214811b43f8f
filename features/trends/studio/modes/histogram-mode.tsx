import { NumberInput } from "@mantine/core";
import type { ReactNode } from "react";
import {
  Card,
  durationText,
  Failure,
  numberText,
  percentText,
  periodText,
  SECOND,
  useLoad,
  useStudio,
  useThemeTokens,
  useWords,
  Waiting,
  withUnit,
} from "@doppelwerk/kit/studio";
import * as calls from "../../calls.ts";
import type { Distribution } from "../../contract.ts";
import { normalDensity } from "../../model/normal.ts";
import type { ModeProps } from "../analysis-view.tsx";
import { signalsOf } from "../choice.ts";
import type { Figure, FigurePart, Level } from "../plot/figure.ts";
import { Plot } from "../plot/plot.tsx";
import { hueOf, useNaming } from "../use-names.ts";
import { usePeriod, whole } from "../use-series.ts";

const HEIGHT = 320;
const CURVE_POINTS = 120;

/** How often each signal had which value, with its limits, a normal curve of its mean and spread, and Cp and Cpk where limits are known. */
export function HistogramMode({ choice, sources, onChoose }: ModeProps): ReactNode {
  const { t } = useWords();
  const signals = signalsOf(sources);
  if (signals.length === 0) return <p className="dw-quiet">{t("trends.histogram.needsOne")}</p>;
  return (
    <>
      {signals.map((signal, at) => (
        <Histogram key={signal} signal={signal} hue={at} isFirst={at === 0} choice={choice} sources={sources} onChoose={onChoose} />
      ))}
    </>
  );
}

function Histogram({
  signal: id,
  hue,
  isFirst,
  choice,
  sources,
  onChoose,
}: ModeProps & { readonly signal: string; readonly hue: number; readonly isFirst: boolean }): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const naming = useNaming();
  const { period, key } = usePeriod(choice);
  const entry = studio.signals.entry(id);
  // written limits are of the first signal; the others have those of their display
  const lower = (isFirst ? choice.lower : undefined) ?? entry?.warningLow;
  const upper = (isFirst ? choice.upper : undefined) ?? entry?.warningHigh;
  const loaded = useLoad(
    (signal) =>
      calls.distribution(
        studio.client,
        { query: { signal: id, ...whole(period), ...(lower !== undefined && { lower }), ...(upper !== undefined && { upper }) } },
        { signal },
      ),
    [id, key, lower, upper],
  );
  const found = loaded.value;
  return (
    <Card title={naming.nameOf(id)} note={periodText(period.from, period.to, zone, language)}>
      {isFirst && (
        <div className="dw-analysis-row">
          <LimitInput
            label={t("trends.histogram.lower")}
            value={lower}
            unit={naming.unitOf(id)}
            onChange={(value) => onChoose({ sources, lower: value })}
          />
          <LimitInput
            label={t("trends.histogram.upper")}
            value={upper}
            unit={naming.unitOf(id)}
            onChange={(value) => onChoose({ sources, upper: value })}
          />
        </div>
      )}
      {loaded.kind === "failed" && <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />}
      {found === undefined && loaded.kind !== "failed" && <Waiting />}
      {found !== undefined && <DistributionPlot found={found} lower={lower} upper={upper} hue={hue} />}
      {found !== undefined && (
        <p className="dw-analysis-text">
          {t("trends.histogram.counts", {
            n: found.n,
            mean: found.mean === undefined ? "–" : withUnit(numberText(found.mean, entry?.resolution), found.unit),
            sd: found.sd === undefined ? "–" : withUnit(numberText(found.sd), found.unit),
            unknown: durationText(Math.round(found.unknownS) * SECOND, language),
          })}
        </p>
      )}
      {found?.capability !== undefined && <CapabilityText found={found} />}
    </Card>
  );
}

function LimitInput({
  label,
  value,
  unit,
  onChange,
}: {
  readonly label: string;
  readonly value: number | undefined;
  readonly unit: string;
  readonly onChange: (value: number | undefined) => void;
}): ReactNode {
  return (
    <NumberInput
      size="xs"
      w={170}
      label={label}
      value={value ?? ""}
      suffix={unit === "" ? "" : `\u202f${unit}`}
      onChange={(written) => {
        const next = typeof written === "number" ? written : undefined;
        if (next !== value) onChange(next);
      }}
    />
  );
}

function DistributionPlot({
  found,
  lower,
  upper,
  hue,
}: {
  readonly found: Distribution;
  readonly lower: number | undefined;
  readonly upper: number | undefined;
  readonly hue: number;
}): ReactNode {
  const { t } = useWords();
  const naming = useNaming();
  const colours = useThemeTokens();
  const { bins, mean, sd, n } = found;
  if (bins === undefined) return <p className="dw-quiet">{t("trends.nothingRecorded")}</p>;
  const unit = t("trends.unit.samples");
  const width = bins.width || 1;
  const end = bins.from + width * bins.counts.length;
  const room = (end - bins.from) * 0.04;
  const span = { from: Math.min(bins.from, lower ?? bins.from) - room, to: Math.max(end, upper ?? end) + room };
  const parts: FigurePart[] = [
    { kind: "bars", name: t("trends.histogram.samples"), unit, colour: colours[hueOf(hue)], from: bins.from, width, heights: bins.counts },
  ];
  if (mean !== undefined && sd !== undefined && sd > 0) {
    const x = Float64Array.from({ length: CURVE_POINTS }, (_, at) => mean + sd * (-4 + (8 * at) / (CURVE_POINTS - 1)));
    parts.push({
      kind: "line",
      name: t("trends.histogram.normal"),
      unit,
      colour: colours.text,
      x,
      y: x.map((value) => normalDensity(value, mean, sd) * n * width),
      isDashed: true,
    });
  }
  const upright = (id: string, at: number | undefined, label: string, colour: string): Level[] =>
    at === undefined ? [] : [{ id, unit, at, label, colour, isUpright: true }];
  const figure: Figure = {
    x: span,
    xKind: "number",
    xName: [naming.nameOf(found.signal), naming.unitOf(found.signal, found.unit)].filter((word) => word !== "").join(", "),
    isFromZero: true,
    parts,
    levels: [
      ...upright("lower", lower, t("trends.histogram.lower"), colours.alarm2),
      ...upright("upper", upper, t("trends.histogram.upper"), colours.alarm2),
      ...upright("mean", mean, t("trends.statistics.mean"), colours.muted),
    ],
  };
  return <Plot label={t("trends.plot.histogram", { name: naming.nameOf(found.signal) })} figure={figure} height={HEIGHT} />;
}

function CapabilityText({ found }: { readonly found: Distribution }): ReactNode {
  const { t } = useWords();
  const { cp, cpk, pp, ppk, below, above, expectedBelow = 0, expectedAbove = 0 } = found.capability!;
  const text = (value: number | undefined): string => (value === undefined ? "–" : value.toFixed(2));
  return (
    <>
      <dl className="dw-analysis-capability">
        {Object.entries({ Cp: cp, Cpk: cpk, Pp: pp, Ppk: ppk }).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text(value)}</dd>
          </div>
        ))}
      </dl>
      <p className="dw-analysis-text">
        {t("trends.histogram.outside", {
          below,
          above,
          share: found.n === 0 ? "–" : percentText((below + above) / found.n),
          expected: percentText(expectedBelow + expectedAbove),
        })}
      </p>
    </>
  );
}
