import { useState } from "react";
import type { KeyboardEvent, PointerEvent, ReactNode } from "react";
import type { ChartFrame } from "./frame.ts";
import { nearestStop, readingText, type ChartStop } from "./readings.ts";

interface ChartReaderProps {
  readonly label: string;
  readonly frame: ChartFrame;
  readonly stops: readonly ChartStop[];
  readonly chosen: number | undefined;
  readonly onChoose: ((choice: number) => void) | undefined;
  /** The drawing. */
  readonly children: ReactNode;
}

/**
 * Reads the values of a drawing: pointing at it shows those beside the pointer, arrow keys go from place to place. A click or an arrow key chooses
 * a point where points can be chosen.
 */
export function ChartReader({ label, frame, stops, chosen, onChoose, children }: ChartReaderProps): ReactNode {
  const [at, setAt] = useState<number | undefined>(undefined);
  const last = stops.length - 1;
  const usual = Math.max(0, chosen === undefined ? last : stops.findIndex(({ choice }) => choice === chosen));
  const current = Math.min(last, at ?? usual);
  const stop = at === undefined ? undefined : stops[current];
  const choose = (index: number): void => {
    const choice = stops[index]?.choice;
    if (choice !== undefined) onChoose?.(choice);
  };
  const under = (event: PointerEvent): number => {
    const box = event.currentTarget.getBoundingClientRect();
    return nearestStop(stops, frame, event.clientX - box.left, event.clientY - box.top);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = stopAfterKey(event.key, current, last);
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    setAt(next);
    if (next !== undefined) choose(next);
  };
  return (
    <div
      role="slider"
      tabIndex={0}
      data-chart-keys
      className={`dw-chart-plot ${onChoose === undefined ? "" : "is-choosable"}`}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={last}
      aria-valuenow={current}
      aria-valuetext={readingText(stops[current]!)}
      onKeyDown={onKeyDown}
      onFocus={() => setAt((before) => before ?? usual)}
      onBlur={() => setAt(undefined)}
      onPointerMove={(event) => setAt(under(event))}
      onPointerDown={(event) => setAt(under(event))}
      onPointerLeave={() => setAt(undefined)}
      onClick={(event) => {
        const box = event.currentTarget.getBoundingClientRect();
        choose(nearestStop(stops, frame, event.clientX - box.left, event.clientY - box.top));
      }}
    >
      {children}
      {stop !== undefined && <Reading stop={stop} frame={frame} />}
    </div>
  );
}

/** A line or a ring at the place that is read, and its values on the side where there is more room. */
function Reading({ stop, frame }: { readonly stop: ChartStop; readonly frame: ChartFrame }): ReactNode {
  const left = frame.x.at(stop.x);
  const isLeft = left > frame.width / 2;
  return (
    <>
      {stop.y === undefined ? (
        <i className="dw-chart-cursor" style={{ left, top: frame.top, height: frame.bottom - frame.top }} />
      ) : (
        <i className="dw-chart-ring" style={{ left, top: frame.y.at(stop.y) }} />
      )}
      <div className="dw-chart-reading" style={isLeft ? { right: frame.width - left + 10 } : { left: left + 10 }}>
        {stop.title !== "" && <b>{stop.title}</b>}
        {stop.rows.map(({ name, text }) => (
          <span key={name}>
            {name} <span className="is-number">{text}</span>
          </span>
        ))}
      </div>
    </>
  );
}

function stopAfterKey(key: string, current: number, last: number): number | undefined {
  switch (key) {
    case "ArrowRight":
    case "ArrowUp":
      return Math.min(last, current + 1);
    case "ArrowLeft":
    case "ArrowDown":
      return Math.max(0, current - 1);
    case "Home":
      return 0;
    case "End":
      return last;
    default:
      return undefined;
  }
}
