import type { Studio } from "@doppelwerk/ui";

/** Says when the frame that shows what has just come was drawn. A page that is not seen draws none, and says nothing. */
export function reportFrame({ live, address }: Pick<Studio, "live" | "address">, trace: string): void {
  const receivedAt = steadyTime();
  // what is drawn of it is drawn in the next frame; what is queued there runs once that is done
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      const drawnAt = steadyTime();
      live.shown({ trace, receivedAt, drawnAt, reportedAt: drawnAt, view: address.store.get().view });
    };
    port2.postMessage(undefined);
  });
}

/** Microseconds of a clock that only goes on. */
const steadyTime = (): number => performance.now() * 1_000;
