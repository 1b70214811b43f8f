import { distance } from "./flow-path.ts";
import { parametersOf } from "../parts/part-kind.ts";
import type { PlacedPart, Stage } from "./stage.ts";
import type { Pose } from "../pose.ts";

/** What differs between two stages, part by part: what a branch shows as ghosts over live. */
export type StageChange =
  | { readonly kind: "added"; readonly part: PlacedPart }
  | { readonly kind: "removed"; readonly part: PlacedPart }
  | { readonly kind: "moved"; readonly part: PlacedPart; readonly from: Pose }
  | { readonly kind: "changed"; readonly part: PlacedPart; readonly before: PlacedPart };

const MOVED_M = 0.005;
const TURNED_RAD = 0.005;

/** Changes from `base` to `stage`, in the order of `stage`, then what is gone in the order of `base`. A part both moved and changed counts as changed. */
export function diffStages(base: Stage, stage: Stage): readonly StageChange[] {
  const before = new Map(base.parts.map((part) => [part.id, part]));
  const after = new Set(stage.parts.map((part) => part.id));
  const changes = stage.parts.flatMap((part) => changeOf(before.get(part.id), part));
  const removed = base.parts.filter((part) => !after.has(part.id)).map((part) => ({ kind: "removed", part }) as const);
  return [...changes, ...removed];
}

function changeOf(before: PlacedPart | undefined, part: PlacedPart): readonly StageChange[] {
  if (before === undefined) return [{ kind: "added", part }];
  if (bodyOf(before) !== bodyOf(part)) return [{ kind: "changed", part, before }];
  const turned = Math.abs(Math.sin((part.turn - before.turn) / 2)) > TURNED_RAD / 2;
  if (turned || distance(before.position, part.position) > MOVED_M)
    return [{ kind: "moved", part, from: { position: before.position, turn: before.turn } }];
  return [];
}

function bodyOf(part: PlacedPart): string {
  return `${part.kind}|${part.label ?? ""}|${JSON.stringify(parametersOf(part.kind, part.parameters))}`;
}
