import { instant } from "@doppelwerk/kit";
import { z } from "zod";

export { faultsOf, instant, parse } from "@doppelwerk/kit";

/** from < to. */
export const range = z.object({ from: instant, to: instant }).refine(({ from, to }) => from < to, { message: "from must lie before to" });
