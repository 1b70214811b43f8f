import { view } from "@doppelwerk/kit/studio";
import { decideRoom } from "../decide/slots.ts";
import type {} from "../../message-codes.ts";

export const views = [
  view(decideRoom, "models.room", {
    name: "models",
    title: "simulate.models.open",
    about: "simulate.models.about",
    guide: "models",
    order: 30,
    load: () => import("./models.tsx"),
  }),
];
