/**
 * Runs `work` one at a time; what is asked for while it runs is one more run after it. The answer settles with a run that began after the call, so that it
 * has seen everything that came before.
 */
export function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const run = (): Promise<void> => {
    next = undefined;
    const own = work().finally(() => {
      if (running === own) running = undefined;
    });
    running = own;
    return own;
  };
  return () => {
    if (next !== undefined) return next;
    if (running === undefined) return run();
    // after it, however it ended
    next = running.then(run, run);
    return next;
  };
}
