export { Beacons } from "./beacons.ts";
export type { Beacon } from "./beacons.ts";
export { BlobShadows } from "./blob-shadows.ts";
export { CameraRig } from "./camera-rig.ts";
export type { CameraView } from "./camera-rig.ts";
export {
  PRODUCT_COLOURS,
  STATE_CODES,
  clayMaterial,
  clayUniforms,
  depthMaterial,
  edgeMaterial,
  glassMaterial,
  paint,
} from "./clay-material.ts";
export type { ClayUniforms } from "./clay-material.ts";
export { DrawLoop } from "./draw-loop.ts";
export { FramePace, LOOK_MS, fenceOf } from "./frame-pace.ts";
export type { Fence, FrameKind } from "./frame-pace.ts";
export { Ghosts } from "./ghosts.ts";
export { Ground } from "./ground.ts";
export { InstanceGroup } from "./instance-group.ts";
export type { ClayMaterials } from "./instance-group.ts";
export { LABEL_LIMIT, Labels } from "./labels.ts";
export type { LabelRequest } from "./labels.ts";
export { Lights } from "./lights.ts";
export { MoverView } from "./mover-view.ts";
export { Outlines } from "./outlines.ts";
export type { Outline, OutlineStyle } from "./outlines.ts";
export { partGeometry } from "./part-geometry.ts";
export type { PartGeometry } from "./part-geometry.ts";
export { Picker } from "./picker.ts";
export type { Hit } from "./picker.ts";
export { Pointers } from "./pointers.ts";
export { RobotGlide } from "./robot-glide.ts";
export { apart, frustumOf, screenRect, within } from "./screen-rect.ts";
export type { ScreenRect } from "./screen-rect.ts";
export { snapshotFrame } from "./snapshot-frame.ts";
export type { FrameInput } from "./snapshot-frame.ts";
export { beaconsOf, labelsOf, outlinesOf } from "./stage-marks.ts";
export type { Attention, OnScreen } from "./stage-marks.ts";
export { StationBlocks } from "./station-blocks.ts";
export { StageView } from "./stage-view.ts";
export type { DrawnPart } from "./drawn-part.ts";
export { StillPicture } from "./still-picture.ts";
export type { StillScene } from "./still-picture.ts";
export type { AlarmPriority, PartFrame, PartLocation, StationFrame, StationState, VehicleFrame, ViewerFrame } from "./viewer-frame.ts";
export { ViewerInput } from "./viewer-input.ts";
export type { ViewerActions } from "./viewer-input.ts";
export { viewerTheme } from "./viewer-theme.ts";
export type { ViewerTheme } from "./viewer-theme.ts";
export { Viewer } from "./viewer.ts";
export type { ViewerOptions } from "./viewer.ts";
export type { ViewerStatistics } from "./viewer-statistics.ts";
