import { DoppelwerkError } from "@doppelwerk/world";

// Several who write the same at once: what is read, changed and written as one must not be overtaken by another in between.

/** Attempts of what was overtaken, and the pause after each: the n-th is n ms, so that what is on its way to the disk arrives. */
const MOST_TIMES_OVERTAKEN = 30;

/** Writes as one of several that may write at once: in turn with those of the same key, and again where one of another key came between. */
export type Written = <T>(key: string, write: () => Promise<T>) => Promise<T>;

const queues = new WeakMap<object, Map<string, Promise<unknown>>>();

/** The turns of a world, which is known by anything that there is one of in it. */
export function writtenIn(world: object): Written {
  let queue = queues.get(world);
  if (queue === undefined) queues.set(world, (queue = new Map()));
  return (key, write) => inTurn(queue, key, () => untilWritten(write));
}

function inTurn<T>(queue: Map<string, Promise<unknown>>, key: string, work: () => Promise<T>): Promise<T> {
  const before = queue.get(key);
  const run = before === undefined ? work() : before.then(work);
  const settled = run.then(nothing, nothing);
  queue.set(key, settled);
  void settled.then(() => {
    if (queue.get(key) === settled) queue.delete(key);
  });
  return run;
}

function nothing(): void {}

/** Who was overtaken by another writer looks again and writes again. */
async function untilWritten<T>(write: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof DoppelwerkError) || error.code !== "DW_CONFLICT" || attempt === MOST_TIMES_OVERTAKEN) throw error;
      await new Promise((resolve) => setTimeout(resolve, attempt));
    }
  }
}
