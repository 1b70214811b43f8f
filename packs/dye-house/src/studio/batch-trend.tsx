import { Chart, Empty, Failure, SegmentedControl, useLoad, useScope, useStudio, useText, type ChartMark } from "@doppelwerk/kit/studio";
import { useState, type ReactNode } from "react";
import type { Batch } from "../model/batch.ts";
import { heldPoints } from "../model/held-values.ts";
import type { Overview } from "./calls.ts";

const POINTS = 400;
const HEIGHT = 200;
const REFRESH_MS = 10_000;
type Machine = Overview["machines"][number];

interface Line {
  readonly name: "temperature" | "setpoint" | "level" | "deviation";
  readonly tone: ChartMark["tone"];
  readonly isDashed?: boolean;
}

/** What can be chosen, its lines in the order they are drawn, and their unit. */
const SHOWN: Readonly<Record<"temperature" | "level" | "deviation", { readonly unit: string; readonly lines: readonly Line[] }>> = {
  temperature: {
    unit: "°C",
    lines: [
      { name: "setpoint", tone: "muted", isDashed: true },
      { name: "temperature", tone: "hue" },
    ],
  },
  deviation: { unit: "K", lines: [{ name: "deviation", tone: "hue" }] },
  level: { unit: "L", lines: [{ name: "level", tone: "hue" }] },
};
type Shown = keyof typeof SHOWN;

/** Temperature of a batch over its programme, its deviation from it, or the volume of its liquor. */
export function BatchTrend({ batch, machine }: { readonly batch: Batch; readonly machine: Machine | undefined }): ReactNode {
  const text = useText();
  const { client } = useStudio();
  const { time } = useScope();
  const [shown, setShown] = useState<Shown>("temperature");
  const { unit, lines } = SHOWN[shown];
  const to = batch.to ?? time.instant();
  const known = lines.flatMap((line) => {
    const id = machine?.[`${line.name}Signal`];
    return id === undefined ? [] : [{ line, id }];
  });
  const loaded = useLoad(
    (signal: AbortSignal) =>
      Promise.all(known.map(async ({ line, id }) => ({ line, trend: await client.trend(id, batch.from, to, POINTS, { signal }) }))),
    [batch.machine, batch.from, batch.to, shown],
    batch.to === undefined ? REFRESH_MS : undefined,
  );
  const marks = (loaded.value ?? []).map(({ line, trend }): ChartMark => ({
    kind: "line",
    name: text(`dyeHouse.trend.${line.name}`),
    tone: line.tone,
    isStepped: true,
    isDashed: line.isDashed === true,
    points: heldPoints(trend, to),
  }));
  return (
    <>
      <SegmentedControl
        className="dye-house-choice"
        size="xs"
        aria-label={text("dyeHouse.trend.title")}
        value={shown}
        onChange={(value) => setShown(value as Shown)}
        data={Object.keys(SHOWN).map((value) => ({ value, label: text(`dyeHouse.trend.${value}`) }))}
      />
      <div className="dye-house-trend">
        {known.length === 0 ? (
          <Empty title={text("dyeHouse.trend.none")} />
        ) : loaded.value !== undefined ? (
          <Chart
            label={text(`dyeHouse.trend.${shown}`)}
            x={{ kind: "time", from: batch.from, to }}
            y={{ kind: "number", name: text(`dyeHouse.trend.${shown}`), unit, digits: unit === "L" ? 0 : 1 }}
            marks={marks}
            height={HEIGHT}
          />
        ) : (
          loaded.kind === "failed" && <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />
        )}
      </div>
    </>
  );
}
