import { view } from "@doppelwerk/kit/studio";
import { decideRoom } from "../decide/slots.ts";
import type {} from "../../message-codes.ts";

export const views = [
  view(decideRoom, "optimise.room", {
    name: "optimise",
    title: "simulate.optimise.open",
    about: "simulate.optimise.about",
    guide: "optimise",
    leads: true,
    followsFork: true,
    order: 10,
    load: () => import("./optimise.tsx"),
  }),
];
