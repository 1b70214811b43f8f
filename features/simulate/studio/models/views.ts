import { view } from "@doppelwerk/kit/studio";
import { decideRoom } from "../decide/slots.ts";

export const views = [
  view(decideRoom, "models.room", { name: "models", title: "models.open", order: 30, load: () => import("./models.tsx") }),
];
