import { ActionIcon, NumberInput, Select } from "@mantine/core";
import { IconArrowsExchange } from "@tabler/icons-react";
import type { ReactNode } from "react";
import {
  Card,
  durationText,
  Failure,
  numberText,
  periodText,
  useLoad,
  useStudio,
  useThemeTokens,
  useWords,
  Waiting,
  unitText,
  withUnit,
  type Tokens,
} from "@doppelwerk/kit/studio";
import * as calls from "../../calls.ts";
import type { Pairs } from "../../contract.ts";
import { reachAt } from "../../model/regression.ts";
import type { ModeProps } from "../analysis-view.tsx";
import { signalsOf } from "../choice.ts";
import { numbersOf } from "../numbers.ts";
import type { Figure, FigurePart } from "../plot/figure.ts";
import { Plot } from "../plot/plot.tsx";
import { useNaming } from "../use-names.ts";
import { usePeriod, whole } from "../use-series.ts";

const HEIGHT = 440;
const LINE_POINTS = 60;

/** The second signal against the first, coloured by time, with a line of least squares and where the line and a new pair lie (95 %). */
export function XyMode({ choice, sources, onChoose }: ModeProps): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const naming = useNaming();
  const colours = useThemeTokens();
  const { period, key } = usePeriod(choice);
  const signals = signalsOf(sources);
  const [x, y] = signals;
  const loaded = useLoad(
    x === undefined || y === undefined
      ? undefined
      : (signal) => calls.pairs(studio.client, { query: { x, y, ...whole(period), points: 1_500, lagS: choice.lagS } }, { signal }),
    [x, y, key, choice.lagS],
  );
  if (x === undefined || y === undefined) return <p className="dw-quiet">{t("trends.xy.needsTwo")}</p>;
  const pick = (role: "x" | "y", id: string | null): void => {
    if (id === null) return;
    const [first, second] = role === "x" ? [id, id === y ? x : y] : [id === x ? y : x, id];
    onChoose({ sources: [first, second, ...sources.filter((each) => each !== first && each !== second)] });
  };
  const options = signals.map((value) => ({ value, label: naming.nameOf(value) }));
  const pairs = loaded.value;
  return (
    <Card title={`${naming.nameOf(y)} / ${naming.nameOf(x)}`} note={periodText(period.from, period.to, zone, language)}>
      <div className="dw-analysis-row">
        <Select size="xs" label="X" value={x} allowDeselect={false} data={options} onChange={(id) => pick("x", id)} />
        <ActionIcon variant="default" aria-label={t("trends.xy.exchange")} onClick={() => pick("x", y)}>
          <IconArrowsExchange size={16} />
        </ActionIcon>
        <Select size="xs" label="Y" value={y} allowDeselect={false} data={options} onChange={(id) => pick("y", id)} />
        <NumberInput
          size="xs"
          w={170}
          label={t("trends.xy.lag")}
          value={choice.lagS}
          min={-86_400}
          max={86_400}
          suffix={"\u202fs"}
          onChange={(lagS) => typeof lagS === "number" && lagS !== choice.lagS && onChoose({ lagS })}
        />
      </div>
      {loaded.kind === "failed" && <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />}
      {pairs === undefined && loaded.kind !== "failed" && <Waiting />}
      {pairs !== undefined && <PairsPlot pairs={pairs} colours={colours} />}
      {pairs !== undefined && <p className="dw-analysis-text">{fitText(pairs, t)}</p>}
      {pairs !== undefined && <p className="dw-analysis-text">{t("trends.xy.grid", { width: durationText(pairs.width, language) })}</p>}
    </Card>
  );
}

function PairsPlot({ pairs, colours }: { readonly pairs: Pairs; readonly colours: Tokens }): ReactNode {
  const { t } = useWords();
  const naming = useNaming();
  const [x, y] = [numbersOf(pairs.x.values), numbersOf(pairs.y.values)];
  const unit = naming.unitOf(pairs.y.signal, pairs.y.unit);
  const xUnit = naming.unitOf(pairs.x.signal, pairs.x.unit);
  const known = x.filter((value, at) => !Number.isNaN(value) && !Number.isNaN(y[at]!));
  if (known.length === 0) return <p className="dw-quiet">{t("trends.nothingRecorded")}</p>;
  const [low, high] = [known.reduce((a, b) => Math.min(a, b)), known.reduce((a, b) => Math.max(a, b))];
  const room = (high - low || 1) * 0.04;
  const span = { from: low - room, to: high + room };
  const shade = Float64Array.from(x, (_, at) => at / Math.max(1, x.length - 1));
  const dots: FigurePart = {
    kind: "dots",
    name: t("trends.xy.pairs", { count: known.length }),
    unit,
    colour: colours.blue,
    otherColour: colours.rose,
    x,
    y,
    shade,
  };
  const figure: Figure = {
    x: span,
    xKind: "number",
    xName: [naming.nameOf(pairs.x.signal), xUnit].filter((word) => word !== "").join(", "),
    parts: [dots, ...linesOf(pairs, span, { unit, colours, t })],
  };
  return (
    <>
      <Plot label={t("trends.plot.xy", { x: pairs.x.name, y: pairs.y.name })} figure={figure} height={HEIGHT} />
      <p className="dw-analysis-shade" aria-hidden>
        {t("trends.xy.early")} <i style={{ background: `linear-gradient(90deg, ${colours.blue}, ${colours.rose})` }} />{" "}
        {t("trends.xy.late")}
      </p>
    </>
  );
}

interface Look {
  readonly unit: string;
  readonly colours: Tokens;
  readonly t: ReturnType<typeof useWords>["t"];
}

function linesOf({ fit }: Pairs, { from, to }: { readonly from: number; readonly to: number }, { unit, colours, t }: Look): FigurePart[] {
  if (fit === undefined) return [];
  const x = Float64Array.from({ length: LINE_POINTS }, (_, at) => from + ((to - from) * at) / (LINE_POINTS - 1));
  const y = x.map((value) => fit.intercept + fit.slope * value);
  const edge = (of: "line" | "pair", sign: 1 | -1): Float64Array => x.map((value, at) => y[at]! + sign * reachAt(fit, value)[of]);
  return [
    { kind: "line", name: t("trends.xy.newPair"), unit, colour: colours.muted, x, y: edge("pair", 1), isDashed: true, isThin: true },
    { kind: "line", name: "", unit, colour: colours.muted, x, y: edge("pair", -1), isDashed: true, isThin: true, isSilent: true },
    { kind: "line", name: t("trends.xy.line"), unit, colour: colours.text, x, y, low: edge("line", -1), high: edge("line", 1) },
  ];
}

function fitText({ fit, x, y }: Pairs, t: Look["t"]): string {
  if (fit === undefined) return t("trends.xy.noFit");
  const [over, under] = [unitText(y.unit), unitText(x.unit)];
  const unit = under === "" ? over : `${over === "" ? "1" : over}/${under}`;
  return t("trends.xy.fit", {
    slope: withUnit(numberText(fit.slope), unit),
    reach: numberText(fit.slopeReach),
    intercept: withUnit(numberText(fit.intercept), y.unit),
    r2: fit.r2.toFixed(3),
    n: fit.n,
    effective: Math.round(fit.effectiveN),
    sign: Math.abs(fit.slope) > fit.slopeReach ? "yes" : "no",
  });
}
