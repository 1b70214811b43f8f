import { useSignal, useText } from "@doppelwerk/kit/studio";
import type { ReactNode } from "react";
import type { Batch } from "../model/batch.ts";
import { labelWidth } from "../model/label-width.ts";
import type { Overview } from "./calls.ts";
import { phaseClass } from "./phase-look.ts";

interface BatchBarProps {
  readonly batch: Batch;
  readonly machine: Overview["machines"][number] | undefined;
  readonly x: (instant: number) => number;
  readonly y: number;
  readonly height: number;
  readonly now: number;
  readonly isChosen: boolean;
  readonly onChoose: (chosen: { readonly machine: string; readonly from: number }) => void;
}

/** A batch in the colours of its phases; from when its machine is not heard of any more, hatched. */
export function BatchBar({ batch, machine, x, y, height, now, isChosen, onChoose }: BatchBarProps): ReactNode {
  const text = useText();
  const { from, recipe, phases, additions } = batch;
  const lostAt = useLostAt(batch.to === undefined ? (machine?.functionSignal ?? machine?.temperatureSignal) : undefined);
  const known = batch.to ?? Math.min(now, lostAt ?? now);
  const end = batch.to ?? now;
  const name = batch.batch || text("dyeHouse.unnamed");
  const shown = additions > 0 ? `${name} +${additions}` : name;
  const label = text("dyeHouse.gantt.bar", { batch: name, machine: batch.machine, recipe });
  const load = Math.round(batch.loadKg);
  const choose = (): void => onChoose({ machine: batch.machine, from });
  return (
    <g
      className={`dye-house-batch${isChosen ? " is-chosen" : ""}`}
      role="button"
      tabIndex={isChosen ? 0 : -1}
      data-batch={`${batch.machine} ${from}`}
      aria-pressed={isChosen}
      aria-label={lostAt === undefined ? label : `${label}, ${text("dyeHouse.gantt.lost")}`}
      onClick={choose}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        // a space would scroll the page
        event.preventDefault();
        choose();
      }}
    >
      <title>
        {[
          name,
          recipe,
          `${load} kg`,
          additions > 0 && text("dyeHouse.batch.additions", { count: additions }),
          lostAt !== undefined && text("dyeHouse.gantt.lost"),
        ]
          .filter(Boolean)
          .join(" · ")}
      </title>
      {phases
        .filter((phase) => phase.from < known)
        .map((phase) => (
          <rect
            key={phase.from}
            className={`dye-house-phase ${phaseClass(phase.phase)}`}
            x={x(phase.from)}
            width={Math.max(0.5, x(Math.min(phase.to ?? end, known)) - x(phase.from))}
            y={y}
            height={height}
          />
        ))}
      {known < end && <rect className="dye-house-lost" x={x(known)} width={x(end) - x(known)} y={y} height={height} />}
      <rect className="dye-house-outline" x={x(from)} width={Math.max(1, x(end) - x(from))} y={y} height={height} rx={2} />
      {x(end) - x(from) > labelWidth(shown) && (
        <text className="dye-house-name" x={x(from) + 5} y={y + height * 0.7}>
          {shown}
        </text>
      )}
    </g>
  );
}

/** Quality of a sample without a value. */
const BAD = 2;

/** Since when a signal has no value, µs; undefined: it has one, or never had. */
function useLostAt(signal: string | undefined): number | undefined {
  const { value } = useSignal(signal);
  return value?.quality === BAD ? value.sourceTime : undefined;
}
