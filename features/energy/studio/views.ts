import { shell, view } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";

export const views = [view(shell.tile, "energy.ofLine", { order: 70, load: () => import("./energy-card.tsx") })];
