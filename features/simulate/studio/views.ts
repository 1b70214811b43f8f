import { views as decide } from "./decide/views.ts";
import { views as eventLog } from "./event-log/views.ts";
import { views as experiments } from "./experiments/views.ts";
import { views as modelFile } from "./model-file/views.ts";
import { views as models } from "./models/views.ts";
import { views as optimise } from "./optimise/views.ts";
import { views as watch } from "./watch/views.ts";
import type {} from "../message-codes.ts";

export const views = [...decide, ...optimise, ...experiments, ...models, ...eventLog, ...modelFile, ...watch];
