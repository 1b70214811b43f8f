import { DoppelwerkError } from "@doppelwerk/world";

/** Attempts of what was overtaken, and the pause after each: the n-th is 3 n ms, so that what is on its way to the disk, and is not read yet, arrives. */
export const MAX_TIMES_OVERTAKEN = 30;
const PAUSE_MS = 3;

/**
 * What is read, changed and written as one must not be overtaken by another in between: who was looks again and writes again.
 * Errors: those of `write`; DW_CONFLICT only after the last attempt, 1.3 s.
 */
export async function untilWritten<T>(write: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof DoppelwerkError) || error.code !== "DW_CONFLICT" || attempt === MAX_TIMES_OVERTAKEN) throw error;
      await new Promise((resolve) => setTimeout(resolve, attempt * PAUSE_MS));
    }
  }
}
