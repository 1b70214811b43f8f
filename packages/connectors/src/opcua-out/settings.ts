import { z } from "zod";

export const OUT_MODES = ["None", "Sign", "SignAndEncrypt"] as const;
export type OutMode = (typeof OUT_MODES)[number];

/** How the twin is shown over OPC UA (settings of `serve --opcua-port`). */
export const opcuaOutSettings = z
  .strictObject({
    /** Security modes that are offered, with commas. None = whoever reaches the port needs no certificate. */
    modes: z
      .string()
      .transform((text) => text.split(",").map((mode) => mode.trim()))
      .pipe(z.array(z.enum(OUT_MODES)).min(1))
      .prefault("Sign,SignAndEncrypt"),
    /** Whether one who does not log in may read what a viewer may. */
    anonymous: z.boolean().default(false),
  })
  .readonly();
export type OpcuaOutSettings = z.infer<typeof opcuaOutSettings>;
