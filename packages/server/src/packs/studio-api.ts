import { endpoint, z } from "@doppelwerk/kit";

export const listStudioParts = endpoint({
  id: "kernel.studioParts",
  route: "GET /studio-parts",
  summary: "What packs bring to the studio in this world: views as data, words, and where their files are",
  action: "read",
  answer: z.object({
    parts: z.array(
      z.object({
        pack: z.string(),
        version: z.string(),
        feature: z.string(),
        base: z.string(),
        isChanging: z.boolean(),
        ownReact: z.record(z.string(), z.string()).optional(),
        views: z.array(z.looseObject({ at: z.string(), id: z.string(), load: z.string() })),
        words: z.object({ en: z.record(z.string(), z.string()), zh: z.record(z.string(), z.string()) }),
      }),
    ),
  }),
});
