/**
 * Figures of the last frame: what its picture is made of, what stands included, also where that was kept. `submitMs` is CPU time inside render calls; GPU
 * time is not in it. `pictures` counts the frames for which what stands was drawn, whole or a part.
 */
export interface ViewerStatistics {
  readonly drawCalls: number;
  readonly triangles: number;
  readonly submitMs: number;
  readonly frames: number;
  readonly pictures: number;
  readonly labels: number;
  readonly parts: number;
  readonly movers: number;
  /** No frame is due or being drawn. */
  readonly isAsleep: boolean;
}

export const NO_STATISTICS: ViewerStatistics = {
  drawCalls: 0,
  triangles: 0,
  submitMs: 0,
  frames: 0,
  pictures: 0,
  labels: 0,
  parts: 0,
  movers: 0,
  isAsleep: true,
};
