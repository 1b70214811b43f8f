import { view } from "@doppelwerk/kit/studio";
import { decideRoom, resultPart } from "../decide/slots.ts";
import type {} from "../../message-codes.ts";

export const views = [
  view(decideRoom, "experiments.room", {
    name: "experiments",
    title: "simulate.experiments.open",
    about: "simulate.experiments.about",
    guide: "simulate",
    order: 20,
    load: () => import("./experiments.tsx"),
  }),
  view(resultPart, "experiments.runCourse", { order: 10, load: () => import("./run-course-card.tsx") }),
];
