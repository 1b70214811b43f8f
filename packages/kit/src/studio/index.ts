// What a feature's screens may import: slots and views, values, charts, words, the session. The 3D viewer is `kit/studio/viewer`, loaded when something is looked at in 3D.
export * from "@doppelwerk/ui";
export * from "./controls.ts";
export { DAY, HOUR, LIVE, MINUTE, SECOND } from "@doppelwerk/world";
