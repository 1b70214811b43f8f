import type { PartModel, PlacedPart } from "@doppelwerk/scene";
import type { Box3, Matrix4 } from "three";
import type { InstanceGroup } from "./instance-group.ts";

/** Which group draws a part, and as which of its instances. */
export interface PartSlot {
  readonly group: InstanceGroup;
  readonly index: number;
}

/** Where a placed part is drawn. */
export interface DrawnPart {
  readonly part: PlacedPart;
  readonly model: PartModel;
  readonly matrix: Matrix4;
  readonly box: Box3;
  /** Builds the bodies of its line when they were never near. */
  readonly slots: readonly PartSlot[];
}
