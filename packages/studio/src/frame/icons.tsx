import {
  IconAlertTriangle,
  IconBell,
  IconBolt,
  IconBox,
  IconCalendar,
  IconChartBar,
  IconChartLine,
  IconClipboard,
  IconGauge,
  IconGitFork,
  IconHierarchy2,
  IconLayoutBoard,
  IconLayoutDashboard,
  IconList,
  IconPlug,
  IconSettings,
  IconTool,
  IconUsers,
} from "@tabler/icons-react";
import type { Icon } from "@tabler/icons-react";
import type { IconName } from "@doppelwerk/ui";

/** The pictures of the icons that pages name. */
export const icons: Readonly<Record<IconName, Icon>> = {
  "alert-triangle": IconAlertTriangle,
  bell: IconBell,
  bolt: IconBolt,
  box: IconBox,
  calendar: IconCalendar,
  "chart-bar": IconChartBar,
  "chart-line": IconChartLine,
  clipboard: IconClipboard,
  gauge: IconGauge,
  "git-fork": IconGitFork,
  hierarchy: IconHierarchy2,
  "layout-board": IconLayoutBoard,
  "layout-dashboard": IconLayoutDashboard,
  list: IconList,
  plug: IconPlug,
  settings: IconSettings,
  tool: IconTool,
  users: IconUsers,
};
