import { view } from "@doppelwerk/kit/studio";
import { decideRoom } from "../decide/slots.ts";

export const views = [
  view(decideRoom, "eventLog.room", {
    name: "event-log",
    title: "eventLog.title",
    plantless: "eventLog.fromLog",
    order: 40,
    load: () => import("./event-log.tsx"),
  }),
];
