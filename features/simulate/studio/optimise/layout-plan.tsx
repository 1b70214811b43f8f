import type { ReactNode } from "react";
import { rectangleAt, type LayoutPlace, type LayoutProblem } from "@doppelwerk/sim/optimise";
import { useWords } from "@doppelwerk/kit/studio";

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
  const shown = places ?? machines.map(({ x, y }) => ({ x, y, turned: false }));
  const most = Math.max(1, ...flows.map(({ amount }) => amount));
  const [left, top] = [floor.x - floor.width / 2, floor.y - floor.depth / 2];
  return (
    <svg
      className="dw-chart dw-layout-plan"
      viewBox={`${left} ${top} ${floor.width} ${floor.depth}`}
      role="img"
      aria-label={t("simulate.optimise.layout.chart")}
    >
      <defs>
        <marker id="layout-arrow" viewBox="0 0 6 6" refX="5" refY="3" markerWidth="5" markerHeight="5" orient="auto">
          <path d="M0 0L6 3L0 6z" fill="var(--hue)" />
        </marker>
      </defs>
      <rect x={left} y={top} width={floor.width} height={floor.depth} className="dw-layout-floor" />
      {aisles.map((aisle, i) => (
        <rect
          key={i}
          x={aisle.x - aisle.width / 2}
          y={aisle.y - aisle.depth / 2}
          width={aisle.width}
          height={aisle.depth}
          className="dw-layout-aisle"
        />
      ))}
      {flows.map(({ from, to, amount }, i) => (
        <path
          key={i}
          d={`M${shown[from]!.x} ${shown[from]!.y}H${shown[to]!.x}V${shown[to]!.y}`}
          className="dw-layout-flow"
          strokeWidth={0.08 + 0.5 * (amount / most)}
        />
      ))}
      {machines.map((machine, i) => {
        const place = shown[i]!;
        const area = rectangleAt(machine, place);
        const isMoved = place.x !== machine.x || place.y !== machine.y || place.turned;
        return (
          <g key={machine.id}>
            {isMoved && (
              <>
                <rect
                  x={machine.x - machine.width / 2}
                  y={machine.y - machine.depth / 2}
                  width={machine.width}
                  height={machine.depth}
                  className="dw-layout-old"
                />
                <line x1={machine.x} y1={machine.y} x2={place.x} y2={place.y} className="dw-layout-move" markerEnd="url(#layout-arrow)" />
              </>
            )}
            <rect
              x={area.x - area.width / 2}
              y={area.y - area.depth / 2}
              width={area.width}
              height={area.depth}
              rx={0.2}
              className={`dw-layout-machine ${isMoved ? "is-moved" : ""} ${machine.fixed ? "is-fixed" : ""}`}
            >
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
      })}
    </svg>
  );
}
