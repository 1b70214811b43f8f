import { view } from "@doppelwerk/kit/studio";
import { decideRoom } from "../decide/slots.ts";
import type {} from "../../message-codes.ts";

export const views = [
  view(decideRoom, "modelFile.room", {
    name: "model-file",
    title: "simulate.modelFile.open",
    about: "simulate.modelFile.about",
    guide: "simulate",
    plantless: "simulate.modelFile.open",
    order: 50,
    load: () => import("./model-file-room.tsx"),
  }),
];
