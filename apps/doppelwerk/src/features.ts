import type { FeatureOptions } from "@doppelwerk/kit";
import { discreteLineFeature } from "@doppelwerk/pack-discrete-line";
import { alarmManagement } from "../../../features/alarm-management/feature.ts";
import { alarms } from "../../../features/alarms/feature.ts";
import { andon } from "../../../features/andon/feature.ts";
import { assets } from "../../../features/assets/feature.ts";
import { assistant } from "../../../features/assistant/feature.ts";
import { audit } from "../../../features/audit/feature.ts";
import { autoTwin } from "../../../features/auto-twin/feature.ts";
import { boards } from "../../../features/boards/feature.ts";
import { changes } from "../../../features/changes/feature.ts";
import { commands } from "../../../features/commands/feature.ts";
import { connect } from "../../../features/connect/feature.ts";
import { edge } from "../../../features/edge/feature.ts";
import { energy } from "../../../features/energy/feature.ts";
import { entries } from "../../../features/entries/feature.ts";
import { events } from "../../../features/events/feature.ts";
import { footprint } from "../../../features/footprint/feature.ts";
import { history } from "../../../features/history/feature.ts";
import { kpis } from "../../../features/kpis/feature.ts";
import { line } from "../../../features/line/feature.ts";
import { links } from "../../../features/links/feature.ts";
import { lists } from "../../../features/lists/feature.ts";
import { losses } from "../../../features/losses/feature.ts";
import { maintenance } from "../../../features/maintenance/feature.ts";
import { notes } from "../../../features/notes/feature.ts";
import { notifications } from "../../../features/notifications/feature.ts";
import { orders } from "../../../features/orders/feature.ts";
import { personnel } from "../../../features/personnel/feature.ts";
import { pins } from "../../../features/pins/feature.ts";
import { places } from "../../../features/places/feature.ts";
import { publish } from "../../../features/publish/feature.ts";
import { rounds } from "../../../features/rounds/feature.ts";
import { shiftPage } from "../../../features/shift-page/feature.ts";
import { shifts } from "../../../features/shifts/feature.ts";
import { simulate } from "../../../features/simulate/feature.ts";
import { stationTerminal } from "../../../features/station-terminal/feature.ts";
import { stores } from "../../../features/stores/feature.ts";
import { tracking } from "../../../features/tracking/feature.ts";
import { trends } from "../../../features/trends/feature.ts";

/** The capabilities of the product. Removing one is deleting its folder, its line here and those in `studio/views-of-product.ts` and `commands.ts`. */
const features: readonly FeatureOptions[] = [
  alarmManagement,
  alarms,
  andon,
  assets,
  assistant,
  audit,
  autoTwin,
  boards,
  changes,
  commands,
  connect,
  edge,
  energy,
  footprint,
  entries,
  events,
  history,
  kpis,
  line,
  links,
  lists,
  losses,
  maintenance,
  notes,
  notifications,
  orders,
  personnel,
  pins,
  places,
  publish,
  rounds,
  shiftPage,
  shifts,
  simulate,
  stationTerminal,
  stores,
  tracking,
  trends,
];

/** Each with the folder that its manifest's paths are seen from. */
export const builtInFeatures = features.map((feature) => ({
  feature,
  folder: new URL(`../../../features/${feature.id}/`, import.meta.url),
}));

/** Packs that the product is shipped with: what they contribute is theirs alone, and no feature knows it. */
const packs: readonly { readonly feature: FeatureOptions; readonly folder: URL }[] = [
  { feature: discreteLineFeature, folder: new URL("../../../packs/discrete-line/", import.meta.url) },
];

export const productFeatures = [...builtInFeatures, ...packs];
