import type { ReactNode } from "react";
import { rectangleAt, type LayoutArea, type LayoutPlace, type LayoutProblem } from "@doppelwerk/sim/optimise";
import { ChartTable, fixedText, useWords } from "@doppelwerk/kit/studio";
import { isMoved, presentPlaces } from "./layout-moves.ts";

/** The floor from above: machines where they stand, flows by their strength; with a proposal the old places as outlines and arrows to the new ones. */
export function LayoutPlan({
  problem,
  places,
}: {
  readonly problem: LayoutProblem;
  readonly places: readonly LayoutPlace[] | undefined;
}): ReactNode {
  const { t } = useWords();
  const { floor, aisles, machines, flows } = problem;
  const shown = places ?? presentPlaces(problem);
  const most = Math.max(1, ...flows.map(({ amount }) => amount));
  const metres = (place: { readonly x: number; readonly y: number }): string =>
    `${fixedText(place.x, 1)} × ${fixedText(place.y, 1)}\u202fm`;
  return (
    <>
      <svg
        className="dw-chart dw-layout-plan"
        viewBox={`${floor.x - floor.width / 2} ${floor.y - floor.depth / 2} ${floor.width} ${floor.depth}`}
        role="img"
        aria-label={t("simulate.optimise.layout.chart")}
      >
        <defs>
          <marker id="layout-arrow" viewBox="0 0 6 6" refX="5" refY="3" markerWidth="5" markerHeight="5" orient="auto">
            <path d="M0 0L6 3L0 6z" fill="var(--hue)" />
          </marker>
        </defs>
        <rect {...corners(floor)} className="dw-layout-floor" />
        {aisles.map((aisle, i) => (
          <rect key={i} {...corners(aisle)} className="dw-layout-aisle" />
        ))}
        {flows.map(({ from, to, amount }, i) => (
          <path
            key={i}
            d={`M${shown[from]!.x} ${shown[from]!.y}H${shown[to]!.x}V${shown[to]!.y}`}
            className="dw-layout-flow"
            strokeWidth={0.08 + 0.5 * (amount / most)}
          />
        ))}
        {machines.map((machine, i) => (
          <PlannedMachine key={machine.id} machine={machine} place={shown[i]!} />
        ))}
      </svg>
      <ChartTable
        label={t("simulate.optimise.layout.chart")}
        first={t("simulate.optimise.layout.machine")}
        stops={machines.map((machine, i) => ({
          x: i,
          title: machine.label,
          rows: [
            { name: t("simulate.optimise.layout.position"), text: metres(machine) },
            ...(isMoved(machine, shown[i]!) ? [{ name: t("simulate.optimise.layout.movesTo"), text: metres(shown[i]!) }] : []),
          ],
        }))}
      />
    </>
  );
}

function PlannedMachine({
  machine,
  place,
}: {
  readonly machine: LayoutProblem["machines"][number];
  readonly place: LayoutPlace;
}): ReactNode {
  const area = rectangleAt(machine, place);
  const moved = isMoved(machine, place);
  return (
    <g>
      {moved && (
        <>
          <rect {...corners(machine)} className="dw-layout-old" />
          <line x1={machine.x} y1={machine.y} x2={place.x} y2={place.y} className="dw-layout-move" markerEnd="url(#layout-arrow)" />
        </>
      )}
      <rect {...corners(area)} rx={0.2} className={`dw-layout-machine ${moved ? "is-moved" : ""} ${machine.fixed ? "is-fixed" : ""}`}>
        <title>{machine.label}</title>
      </rect>
      <text
        x={area.x}
        y={area.y + 0.35}
        textAnchor="middle"
        className="dw-layout-name"
        style={{ fontSize: Math.min(1.3, Math.max(0.95, area.width / 3.2)) }}
      >
        {machine.id}
      </text>
    </g>
  );
}

/** An area is given by its middle, a rectangle is drawn from its corner. */
function corners({ x, y, width, depth }: LayoutArea): {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
} {
  return { x: x - width / 2, y: y - depth / 2, width, height: depth };
}
