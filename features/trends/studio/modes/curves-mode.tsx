import { Button, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import {
  answerOf,
  Card,
  DataTable,
  Empty,
  Failure,
  momentText,
  percentText,
  periodText,
  unitText,
  useLoad,
  useStudio,
  useThemeTokens,
  useWords,
  Waiting,
  type Column,
  type Tokens,
} from "@doppelwerk/kit/studio";
import * as calls from "../../calls.ts";
import type { Curve, Curves } from "../../contract.ts";
import type { ModeProps } from "../analysis-view.tsx";
import { numbersOf } from "../numbers.ts";
import type { Figure, FigurePart } from "../plot/figure.ts";
import { Plot } from "../plot/plot.tsx";
import { liveEvery, usePeriod, whole } from "../use-series.ts";

const HEIGHT = 420;
const SHOWN = 100;

/** Curves that benches recorded at a station, one over another, with the envelope of the good ones; those outside of it are marked. */
export function CurvesMode({ choice, onChoose }: ModeProps): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const { period, isLive, asOf: at, key } = usePeriod(choice);
  const stations = useLoad(answerOf(calls.curveStations, { query: at === undefined ? {} : { t: at } }));
  const station = choice.station ?? stations.value?.[0]?.station;
  const loaded = useLoad(
    station === undefined
      ? undefined
      : (signal): Promise<Curves> =>
          calls.curves(
            studio.client,
            {
              query: {
                station,
                ...whole(period),
                limit: SHOWN,
                ...(at !== undefined && { t: at }),
                ...(choice.channel !== undefined && { channel: choice.channel }),
                ...(choice.serial !== undefined && { serial: choice.serial }),
              },
            },
            { signal },
          ),
    [station, key, at, choice.channel, choice.serial],
    isLive ? Math.max(5_000, liveEvery(choice)) : undefined,
  );
  if (stations.value === undefined)
    return stations.kind === "failed" ? <Failure message={stations.message} code={stations.code} onRetry={stations.reload} /> : <Waiting />;
  if (station === undefined) return <Empty title={t("trends.curves.noneTitle")} text={t("trends.curves.noneText")} />;
  const found = loaded.value;
  return (
    <>
      <Card title={t("trends.curves.title", { station })} note={periodText(period.from, period.to, zone, language)}>
        <div className="dw-analysis-row">
          <Select
            size="xs"
            label={t("trends.curves.station")}
            value={station}
            allowDeselect={false}
            data={[...new Set([station, ...stations.value.map((each) => each.station)])]}
            onChange={(value) => onChoose({ station: value ?? undefined, channel: undefined, serial: undefined })}
          />
          <Select
            size="xs"
            w={140}
            label={t("trends.curves.channel")}
            value={found?.channel ?? ""}
            allowDeselect={false}
            data={found?.channels ?? []}
            onChange={(value) => onChoose({ channel: value ?? undefined })}
          />
          <SerialForm
            key={choice.serial}
            serial={choice.serial}
            onFind={(serial, own) => onChoose({ serial, ...(own !== undefined && { station: own, channel: undefined }) })}
          />
        </div>
        {loaded.kind === "failed" && <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />}
        {found === undefined && loaded.kind !== "failed" && <Waiting />}
        {found !== undefined && <CurvesPlot found={found} serial={choice.serial} />}
      </Card>
      {found !== undefined && found.curves.length > 0 && <CurveTable found={found} onSerial={(serial) => onChoose({ station, serial })} />}
    </>
  );
}

/** A serial by hand or scanner; it leads to the station of its newest curve. */
function SerialForm({
  serial,
  onFind,
}: {
  readonly serial: string | undefined;
  readonly onFind: (serial: string | undefined, station: string | undefined) => void;
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [text, setText] = useState(serial ?? "");
  const [failed, setFailed] = useState<string>();
  const find = async (): Promise<void> => {
    const asked = text.trim();
    if (asked === "") return onFind(undefined, undefined);
    try {
      const curves = await calls.curvesOfSerial(studio.client, { params: { serial: asked }, query: {} });
      if (curves.length === 0) setFailed(t("trends.curves.noSerial", { serial: asked }));
      else onFind(asked, curves.at(-1)!.station);
    } catch (error) {
      studio.notifyFailure(error, t("trends.curves.notFound"));
    }
  };
  return (
    <form
      className="dw-analysis-serial"
      onSubmit={(event) => {
        event.preventDefault();
        void find();
      }}
    >
      <TextInput
        size="xs"
        label={t("trends.curves.serial")}
        value={text}
        error={failed}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button size="xs" variant="default" type="submit">
        {t(text.trim() === "" && serial !== undefined ? "trends.curves.all" : "trends.curves.find")}
      </Button>
    </form>
  );
}

function CurvesPlot({ found, serial }: { readonly found: Curves; readonly serial: string | undefined }): ReactNode {
  const { t } = useWords();
  const colours = useThemeTokens();
  const { curves, envelope, axes, count, otherAxes } = found;
  if (axes === undefined || curves.length === 0)
    return (
      <p className="dw-quiet">
        {t(serial === undefined ? "trends.curves.noneInSpan" : "trends.curves.serialNotInSpan", { serial: serial ?? "" })}
      </p>
    );
  const unit = unitText(axes[1].unit);
  const parts = partsOf(found, { unit, colours, t });
  const every = curves.flatMap(({ x }) => x);
  const ends = { from: every.reduce((a, b) => Math.min(a, b)), to: every.reduce((a, b) => Math.max(a, b)) };
  const figure: Figure = { x: ends, xKind: "number", xName: [axes[0].name, unitText(axes[0].unit)].join(", "), parts };
  const marked = curves.filter(({ isOutlier }) => isOutlier).length;
  return (
    <>
      <Plot label={t("trends.plot.curves", { station: found.station, count: curves.length })} figure={figure} height={HEIGHT} />
      <p className="dw-analysis-text">
        {t("trends.curves.counts", { shown: curves.length, count, marked })}{" "}
        {envelope === undefined ? t("trends.curves.noEnvelope") : t("trends.curves.envelopeOf", { of: envelope.of })}{" "}
        {otherAxes > 0 && t("trends.curves.otherAxes", { count: otherAxes })}
      </p>
    </>
  );
}

interface Look {
  readonly unit: string;
  readonly colours: Tokens;
  readonly t: ReturnType<typeof useWords>["t"];
}

/** The envelope below, then what is usual, then what is bad or outside. */
function partsOf({ curves, envelope }: Curves, { unit, colours, t }: Look): FigurePart[] {
  const rank = (curve: Curve): number => Number(curve.isOutlier) + 2 * Number(curve.judged === "bad");
  const first = new Set<number>();
  const lines = curves
    .toSorted((a, b) => rank(a) - rank(b))
    .map((curve): FigurePart => {
      const own = rank(curve);
      const isSilent = first.has(own);
      first.add(own);
      const [name, colour] = lookOf(curve, { colours, t });
      return {
        kind: "line",
        name,
        unit,
        colour,
        x: curve.x,
        y: holed(curve),
        isThin: own === 0,
        isDashed: curve.judged === "bad",
        isSilent,
      };
    });
  if (envelope === undefined) return lines;
  const band = {
    kind: "line" as const,
    name: t("trends.curves.envelope"),
    unit,
    colour: colours.olive,
    x: envelope.x,
    y: numbersOf(envelope.middle),
    low: numbersOf(envelope.low),
    high: numbersOf(envelope.high),
  };
  // above many curves its edges are what can be seen of it
  const edge = (y: Float64Array): FigurePart => ({
    kind: "line",
    name: "",
    unit,
    colour: colours.olive,
    x: envelope.x,
    y,
    isSilent: true,
  });
  return [band, ...lines, edge(band.low), edge(band.high)];
}

function lookOf({ judged, isOutlier }: Curve, { colours, t }: Omit<Look, "unit">): readonly [string, string] {
  if (judged === "bad") return [t("trends.curves.bad"), colours.worse];
  if (isOutlier) return [t("trends.curves.outside"), colours.alarm2];
  return [t("trends.curves.inside"), colours.blue];
}

/** Where points are missing the line is broken: a step of more than four usual ones. */
function holed({ x, y }: Curve): Float64Array {
  const steps = x
    .slice(1)
    .map((value, at) => value - x[at]!)
    .toSorted((a, b) => a - b);
  const usual = steps[Math.floor(steps.length * 0.9)] ?? 0;
  const drawn = Float64Array.from(y);
  for (let at = 1; at < x.length; at++) if (usual > 0 && x[at]! - x[at - 1]! > 4 * usual) drawn[at] = Number.NaN;
  return drawn;
}

function CurveTable({ found, onSerial }: { readonly found: Curves; readonly onSerial: (serial: string) => void }): ReactNode {
  const { t, language, zone } = useWords();
  const columns: readonly Column<Curve>[] = [
    { title: t("trends.curves.time"), cell: ({ at }) => momentText(at, zone, language), sortBy: ({ at }) => at },
    {
      title: t("trends.curves.serial"),
      cell: ({ serial, curve }) =>
        serial === undefined ? (
          t("trends.curves.withoutSerial")
        ) : (
          <Button
            size="compact-xs"
            variant="subtle"
            aria-label={t("trends.curves.onlySerial", { serial, curve })}
            onClick={() => onSerial(serial)}
          >
            {serial}
          </Button>
        ),
    },
    { title: t("trends.curves.attempt"), isNumber: true, cell: ({ attempt }) => attempt ?? "–" },
    { title: t("trends.curves.verdict"), cell: ({ verdict }) => verdict ?? t("trends.curves.unjudged") },
    {
      title: t("trends.curves.outsideShare"),
      isNumber: true,
      sortBy: ({ outside }) => outside ?? -1,
      sortsFirst: "descending",
      cell: ({ outside, isOutlier }) => (outside === undefined ? "–" : `${isOutlier ? "▲ " : ""}${percentText(outside)}`),
    },
    { title: t("trends.curves.remark"), cell: ({ isCorrected }) => (isCorrected === true ? t("trends.curves.corrected") : "") },
  ];
  return (
    <Card title={t("trends.curves.listTitle")}>
      <DataTable caption={t("trends.curves.listTitle")} columns={columns} rows={found.curves} keyOf={({ curve }) => curve} />
    </Card>
  );
}
