import { views as board } from "@doppelwerk/studio/board";
import { views as settings } from "@doppelwerk/studio/settings";
import type { View } from "@doppelwerk/kit/studio";
import { views as alarmManagement } from "../../../../features/alarm-management/studio/views.ts";
import { views as alarms } from "../../../../features/alarms/studio/views.ts";
import { views as andon } from "../../../../features/andon/studio/views.ts";
import { views as assets } from "../../../../features/assets/studio/views.ts";
import { views as audit } from "../../../../features/audit/studio/views.ts";
import { views as autoTwin } from "../../../../features/auto-twin/studio/views.ts";
import { views as boards } from "../../../../features/boards/studio/views.ts";
import { views as changes } from "../../../../features/changes/studio/views.ts";
import { views as commands } from "../../../../features/commands/studio/views.ts";
import { views as connect } from "../../../../features/connect/studio/views.ts";
import { views as energy } from "../../../../features/energy/studio/views.ts";
import { views as entries } from "../../../../features/entries/studio/views.ts";
import { views as footprint } from "../../../../features/footprint/studio/views.ts";
import { views as history } from "../../../../features/history/studio/views.ts";
import { views as kpis } from "../../../../features/kpis/studio/views.ts";
import { views as line } from "../../../../features/line/studio/views.ts";
import { views as links } from "../../../../features/links/studio/views.ts";
import { views as lists } from "../../../../features/lists/studio/views.ts";
import { views as losses } from "../../../../features/losses/studio/views.ts";
import { views as maintenance } from "../../../../features/maintenance/studio/views.ts";
import { views as notes } from "../../../../features/notes/studio/views.ts";
import { views as notifications } from "../../../../features/notifications/studio/views.ts";
import { views as orders } from "../../../../features/orders/studio/views.ts";
import { views as personnel } from "../../../../features/personnel/studio/views.ts";
import { views as pins } from "../../../../features/pins/studio/views.ts";
import { views as places } from "../../../../features/places/studio/views.ts";
import { views as rounds } from "../../../../features/rounds/studio/views.ts";
import { views as shiftPage } from "../../../../features/shift-page/studio/views.ts";
import { views as shifts } from "../../../../features/shifts/studio/views.ts";
import { views as simulate } from "../../../../features/simulate/studio/views.ts";
import { views as stationTerminal } from "../../../../features/station-terminal/studio/views.ts";
import { views as stores } from "../../../../features/stores/studio/views.ts";
import { views as tracking } from "../../../../features/tracking/studio/views.ts";
import { views as trends } from "../../../../features/trends/studio/views.ts";

/** What the product shows: pages of the shell, and one line a feature. */
export const views: readonly View[] = [
  ...board,
  ...settings,
  ...alarmManagement,
  ...alarms,
  ...andon,
  ...assets,
  ...audit,
  ...autoTwin,
  ...boards,
  ...changes,
  ...commands,
  ...connect,
  ...energy,
  ...footprint,
  ...entries,
  ...history,
  ...kpis,
  ...line,
  ...links,
  ...lists,
  ...losses,
  ...maintenance,
  ...notes,
  ...notifications,
  ...orders,
  ...personnel,
  ...pins,
  ...places,
  ...rounds,
  ...shiftPage,
  ...shifts,
  ...simulate,
  ...stationTerminal,
  ...stores,
  ...tracking,
  ...trends,
];
