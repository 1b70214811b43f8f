import type { View } from "@doppelwerk/ui";
import { views as worldView } from "./world-view/views.ts";
import { views as board } from "./board/views.ts";
import { views as line } from "./line/views.ts";
import { views as alarms } from "./alarms/views.ts";
import { views as trends } from "./trends/views.ts";
import { views as assets } from "./assets/views.ts";
import { views as decide } from "./decide/views.ts";
import { views as optimise } from "./optimise/views.ts";
import { views as experiments } from "./experiments/views.ts";
import { views as models } from "./models/views.ts";
import { views as eventLog } from "./event-log/views.ts";
import { views as modelFile } from "./model-file/views.ts";
import { views as watch } from "./watch/views.ts";
import { views as changes } from "./changes/views.ts";
import { views as connect } from "./connect/views.ts";
import { views as states } from "./states/views.ts";
import { views as commands } from "./commands/views.ts";
import { views as entries } from "./entries/views.ts";
import { views as settings } from "./settings/views.ts";

/** Everything this product shows: one line a feature. */
export const views: readonly View[] = [
  ...worldView,
  ...board,
  ...line,
  ...alarms,
  ...trends,
  ...assets,
  ...decide,
  ...optimise,
  ...experiments,
  ...models,
  ...eventLog,
  ...modelFile,
  ...watch,
  ...changes,
  ...connect,
  ...states,
  ...commands,
  ...entries,
  ...settings,
];
