import { useElementSize } from "@mantine/hooks";
import { useState } from "react";
import type { Ref } from "react";
import type { GanttScale } from "./gantt-scale.ts";
import type { PlanState } from "./use-plan.ts";

/** Of the place of the bars until it is measured. */
const ASSUMED_WIDTH = 700;
/** What the chart leaves behind the last bar. */
const MARGIN = 26;

export interface GanttZoom {
  /** The place that the bars have. */
  readonly scroll: Ref<HTMLDivElement>;
  readonly scale: GanttScale;
  readonly out: () => void;
  readonly in: () => void;
  readonly fit: () => void;
}

/** Fits the whole plan, with the due times, into the place it has, until somebody zooms. */
export function useGanttZoom({ figures, index }: PlanState): GanttZoom {
  const [zoom, setZoom] = useState<number | undefined>(undefined);
  const { ref, width } = useElementSize<HTMLDivElement>();
  const end = Math.max(figures.makespan, ...index.problem.jobs.map(({ due }) => due ?? 0)) * 1.02;
  const fit = Math.max(1e-6, ((width > 0 ? width : ASSUMED_WIDTH) - MARGIN) / Math.max(1, end));
  const perUnit = zoom ?? fit;
  return {
    scroll: ref,
    scale: { perUnit, end },
    out: () => setZoom(Math.max(fit / 2, perUnit / 1.5)),
    in: () => setZoom(Math.min(fit * 60, perUnit * 1.5)),
    fit: () => setZoom(undefined),
  };
}
