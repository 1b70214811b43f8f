import { robotPose } from "@doppelwerk/scene";
import type { StageView } from "./stage-view.ts";

/** How far a robot turns between where it takes and where it puts. */
const SWING_RAD = 1.9;

/** Robots on their way from the phase of the last frame to that of this one. */
export class RobotGlide {
  #phases = new Map<string, { readonly from: number; readonly to: number }>();

  get moving(): boolean {
    return this.#phases.size > 0;
  }

  clear(): void {
    this.#phases.clear();
  }

  /** Robot part id → phase of its cycle, 0…1; `progress`: how far the way before was gone. */
  set(phases: ReadonlyMap<string, number>, progress: number): void {
    for (const [id, phase] of phases) {
      const known = this.#phases.get(id);
      if (known === undefined) {
        this.#phases.set(id, { from: phase, to: phase });
        continue;
      }
      const here = known.from + (known.to - known.from) * progress;
      // Forward round the cycle unless the step back is tiny.
      const gap = (((phase - here) % 1) + 1) % 1;
      this.#phases.set(id, { from: here, to: here + (gap > 0.9 ? gap - 1 : gap) });
    }
  }

  pose(stage: StageView, progress: number): void {
    for (const [id, { from, to }] of this.#phases) {
      const drawn = stage.drawn.get(id);
      if (drawn === undefined || drawn.part.kind !== "robot") continue;
      const rest = drawn.part.parameters?.joints?.[0] ?? 0;
      stage.poseRobot(id, robotPose(from + (to - from) * progress, SWING_RAD, rest));
    }
  }
}
