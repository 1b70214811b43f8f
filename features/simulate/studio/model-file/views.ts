import { view } from "@doppelwerk/kit/studio";
import { decideRoom } from "../decide/slots.ts";

export const views = [
  view(decideRoom, "modelFile.room", {
    name: "model-file",
    title: "modelFile.open",
    plantless: "modelFile.open",
    order: 50,
    load: () => import("./model-file-room.tsx"),
  }),
];
