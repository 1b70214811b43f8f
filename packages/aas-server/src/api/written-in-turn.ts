import { untilWritten } from "@doppelwerk/kit/until-written";

// Several who write the same at once: what is read, changed and written as one must not be overtaken by another in between.

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
