import { connectAction, connectCard, view } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";

export const views = [
  view(connectCard, "autoTwin.proposals", { order: 10, load: () => import("./proposals-card.tsx") }),
  view(connectCard, "autoTwin.file", { order: 20, load: () => import("./plant-file-card.tsx") }),
  view(connectAction, "autoTwin.propose", { order: 10, load: () => import("./propose-action.tsx") }),
];
