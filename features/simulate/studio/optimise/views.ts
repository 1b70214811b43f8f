import { view } from "@doppelwerk/kit/studio";
import { decideRoom } from "../decide/slots.ts";

export const views = [
  view(decideRoom, "optimise.room", {
    name: "optimise",
    title: "optimise.open",
    leads: true,
    followsFork: true,
    order: 10,
    load: () => import("./optimise.tsx"),
  }),
];
