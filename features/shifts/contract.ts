import { endpoint, z } from "@doppelwerk/kit";
import { shiftFiguresShape } from "@doppelwerk/ports";

export const list = endpoint({
  id: "shifts.list",
  route: "GET /shifts",
  summary: "Planned shifts that were recorded, with their figures, oldest first",
  action: "read",
  answer: z.array(shiftFiguresShape),
  errors: ["DW_NOT_FOUND"],
});
