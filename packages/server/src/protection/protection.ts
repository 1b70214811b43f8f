import { endpoint, z } from "@doppelwerk/kit";
import type { HandlersOf } from "@doppelwerk/kit/server";
import { readSealedFolder } from "@doppelwerk/storage/sealing";
import { lastBackup } from "./last-backup.ts";

export const readProtection = endpoint({
  id: "kernel.protection",
  route: "GET /protection",
  summary: "How the data folder of the server is protected: the last backup of it, and whether its secrets are sealed",
  action: "administer",
  answer: z.object({
    /** With a key outside of the folder. */
    sealed: z.boolean(),
    lastBackup: z
      .object({
        /** Everything that was acknowledged before is in it; ISO 8601. */
        instant: z.string(),
        finished: z.string(),
        /** File or folder, on the machine that made it. */
        to: z.string(),
        bytes: z.int(),
        sentBytes: z.int(),
      })
      .optional(),
  }),
});

/** Of the data folder of the server. */
export function protectionHandlers(data: string | undefined): HandlersOf<readonly [typeof readProtection]> {
  return {
    "kernel.protection": async () => {
      const last = data === undefined ? undefined : lastBackup(data);
      const { instant, finished, to, bytes, sentBytes } = last ?? {};
      return {
        sealed: data !== undefined && readSealedFolder(data) !== undefined,
        ...(last !== undefined && { lastBackup: { instant, finished, to, bytes, sentBytes } }),
      };
    },
  } as HandlersOf<readonly [typeof readProtection]>;
}
