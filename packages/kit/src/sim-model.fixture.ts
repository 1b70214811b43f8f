import { defineSimModel } from "./define-sim-model.ts";

// #region oven
/** Takes up to `capacity` items, each for `seconds`, longer by `extraS` for every one already inside. */
export const oven = defineSimModel({
  model: "oven",
  parameters: { capacity: 3, seconds: 60, extraS: 5 },
  columns: { baked: "items baked" },
  hasRoom: (oven) => oven.held + oven.waiting < oven.parameter("capacity"),
  receive: (oven) => oven.after(oven.parameter("seconds") + oven.parameter("extraS") * (oven.held - 1), 1),
  alarm: (oven) => {
    oven.set("baked", oven.number("baked") + 1);
    oven.release(oven.first());
  },
  figures: (oven) => ({ baked: oven.number("baked") }),
});
// #endregion
