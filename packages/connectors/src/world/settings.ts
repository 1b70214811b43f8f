import { z } from "zod";

/** A world says by itself what there is to know of it. */
export const worldSettings = z.strictObject({});
