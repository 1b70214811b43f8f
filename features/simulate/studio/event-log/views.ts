import { view } from "@doppelwerk/kit/studio";
import { decideRoom } from "../decide/slots.ts";
import type {} from "../../message-codes.ts";

export const views = [
  view(decideRoom, "eventLog.room", {
    name: "event-log",
    title: "simulate.eventLog.title",
    about: "simulate.eventLog.about",
    guide: "simulate",
    plantless: "simulate.eventLog.fromLog",
    order: 40,
    load: () => import("./event-log.tsx"),
  }),
];
