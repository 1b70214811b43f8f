import { useRef, useState } from "react";
import type { ReactNode } from "react";
import {
  Card,
  Failure,
  NotReadAgain,
  numberText,
  periodText,
  useThemeTokens,
  useWords,
  Waiting,
  withUnit,
  type Tokens,
} from "@doppelwerk/kit/studio";
import type { ModeProps } from "../analysis-view.tsx";
import { signalsOf, type DrawnLimit, type Stretch } from "../choice.ts";
import type { Figure, FigurePart, Lane } from "../plot/figure.ts";
import { Plot } from "../plot/plot.tsx";
import { LimitRow } from "./limit-row.tsx";
import { StatisticsTable } from "../statistics-table.tsx";
import { useMarks } from "../use-marks.ts";
import { hueOf, useNaming, type Naming } from "../use-names.ts";
import { usePeriod, useSeries, whole, type Series, type Shown } from "../use-series.ts";

const HEIGHT = 420;

/** Everything over one time: an axis for each unit, states as bands below, alarms and notes as marks, limits that can be drawn. */
export function TrendMode({ choice, sources, onChoose }: ModeProps): ReactNode {
  const { t, language, zone } = useWords();
  const naming = useNaming();
  const loaded = useSeries(choice, sources);
  const shown = useLastShown(loaded.value, choice, sources);
  const marks = useMarks(shown?.period, signalsOf(sources), choice.hidesMarks);
  const colours = useThemeTokens();
  const [dragged, setDragged] = useState<{ readonly id: string; readonly at: number }>();
  if (shown === undefined)
    return loaded.kind === "failed" ? <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} /> : <Waiting />;
  const limits = choice.limits.map((limit, at) => (dragged?.id === `drawn ${at}` ? { ...limit, at: dragged.at } : limit));
  const figure = {
    ...figureOf(shown.series, shown.period, { naming, colours, t }),
    marks,
    levels: levelsOf(limits, { naming, colours, t }),
  };
  const failed = shown.series.filter((each) => each.failed !== undefined);
  return (
    <>
      <Card title={periodText(shown.period.from, shown.period.to, zone, language)} note={noteOf(shown.series, t)}>
        <NotReadAgain loaded={loaded} />
        {figure.parts.length + figure.lanes.length === 0 && failed.length === 0 && (
          <p className="dw-quiet">{t("trends.nothingRecorded")}</p>
        )}
        <Plot
          label={t("trends.plot.trend", { count: sources.length })}
          figure={figure}
          height={HEIGHT + figure.lanes.length * 18}
          onZoom={(x) => onChoose({ range: x === undefined ? undefined : whole(x) })}
          onLevel={(id, at, isDone) => {
            setDragged(isDone ? undefined : { id, at });
            if (isDone) onChoose({ limits: choice.limits.map((each, row) => (`drawn ${row}` === id ? { ...each, at } : each)) });
          }}
        />
        {failed.map(({ id, failed: why }) => (
          <p key={id} className="dw-quiet" role="alert">
            {naming.nameOf(id)}: {why}
          </p>
        ))}
        <LimitRow choice={choice} sources={sources} series={shown.series} naming={naming} onChoose={onChoose} />
      </Card>
      <StatisticsTable signals={signalsOf(sources)} period={shown.period} />
    </>
  );
}

/** While another stretch is read, what was there is drawn where it belongs in it: a zoom answers at once, and gets sharp a moment later. */
function useLastShown(value: Shown | undefined, choice: ModeProps["choice"], sources: readonly string[]): Shown | undefined {
  const last = useRef<{ readonly sources: string; readonly shown: Shown }>(undefined);
  const named = sources.join(",");
  const { period } = usePeriod(choice);
  if (value !== undefined) last.current = { sources: named, shown: value };
  const held = last.current;
  return value ?? (held?.sources === named ? { period, series: held.shown.series } : undefined);
}

type T = ReturnType<typeof useWords>["t"];
interface Look {
  readonly naming: Naming;
  readonly colours: Tokens;
  readonly t: T;
}

function figureOf(series: readonly Series[], period: Stretch, { naming, colours, t }: Look): Figure & { readonly lanes: readonly Lane[] } {
  const parts = series.flatMap((each, at): FigurePart[] => {
    const { id, x, y, low, high, isStepped, isSimulated } = each;
    if (x === undefined || y === undefined) return [];
    const name = isSimulated === true ? t("trends.simulatedName", { name: naming.nameOf(id) }) : naming.nameOf(id);
    return [
      {
        kind: "line",
        name,
        unit: naming.unitOf(id, each.unit),
        colour: colours[hueOf(at)],
        x,
        y,
        low,
        high,
        isStepped,
        isSimulated,
        isDashed: id.startsWith("future:"),
      },
    ];
  });
  const lanes = series.flatMap((each): Lane[] => (each.states === undefined ? [] : [laneOf(each, { naming, colours, t })]));
  return { x: period, xKind: "time", parts, lanes };
}

const STATE_COLOURS: Readonly<Record<string, keyof Tokens>> = {
  producing: "running",
  running: "running",
  idle: "idle",
  blocked: "blocked",
  starved: "starved",
  setup: "setup",
  failed: "failed",
  stopped: "stopped",
  off: "off",
};

/** The state that held longest in each bucket; neighbours of one state are one piece. */
function laneOf({ id, states }: Series, { naming, colours, t }: Look): Lane {
  const { from, width, unknownS, states: all } = states!;
  const pieces: { from: number; to: number; colour: string; label: string; state: number }[] = [];
  for (const [bucket, unknown] of unknownS.entries()) {
    let [state, most] = [-1, unknown];
    for (const [at, { seconds }] of all.entries()) if (seconds[bucket]! > most) [state, most] = [at, seconds[bucket]!];
    const last = pieces.at(-1);
    const to = from + (bucket + 1) * width;
    if (last?.state === state) last.to = to;
    else {
      const word = state < 0 ? "unknown" : String(all[state]!.state);
      const known = STATE_COLOURS[word];
      const colour = state < 0 ? colours.unknown : colours[known ?? hueOf(state)];
      pieces.push({ from: from + bucket * width, to, state, colour, label: t.or(`state.${word}`, word) });
    }
  }
  return { name: naming.nameOf(id), pieces };
}

function levelsOf(limits: readonly DrawnLimit[], { naming, colours, t }: Look) {
  return limits.map(({ signal, kind, at }, row) => ({
    id: `drawn ${row}`,
    unit: naming.unitOf(signal),
    at,
    label: `${t(`trends.limit.${kind}`)} ${withUnit(numberText(at), naming.unitOf(signal))}`,
    colour: colours.alarm2,
    isHeld: true,
  }));
}

function noteOf(series: readonly Series[], t: T): string {
  return series.some(({ isSimulated }) => isSimulated === true) ? t("trends.note.simulated") : t("trends.note.means");
}
