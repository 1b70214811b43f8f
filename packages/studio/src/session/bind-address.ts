import type { Studio } from "@doppelwerk/ui";

/** Keeps the instant shown and the address the same: a link opens at its instant, Back returns to the one before. */
export function bindTimeToAddress(studio: Studio): void {
  const { address, time } = studio;
  let writing = false;
  const fromAddress = (): void => {
    if (writing) return;
    const { at, speed } = address.store.get();
    const state = time.state.get();
    if (at === undefined) {
      if (state.kind !== "live") time.goLive();
      return;
    }
    if (state.kind === "live" || Math.abs(time.instant() - at) > 1000) time.goTo(at);
    if (speed !== undefined && time.state.get().kind !== "playing") time.play(speed);
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  let written = address.store.get().at;
  const toAddress = (): void => {
    clearTimeout(timer);
    const state = time.state.get();
    writing = true;
    if (state.kind === "live") {
      // Leaving live and coming back are steps; moving about in the past is not.
      address.amend({ at: undefined, speed: undefined });
      written = undefined;
    } else if (written === undefined) {
      written = time.instant();
      address.go({ at: written, speed: state.kind === "playing" ? state.speed : undefined });
    } else {
      timer = setTimeout(() => {
        const now = time.state.get();
        if (now.kind === "live") return;
        writing = true;
        address.amend({ at: Math.floor(time.instant() / 1000) * 1000, speed: now.kind === "playing" ? now.speed : undefined });
        writing = false;
      }, 250);
    }
    writing = false;
  };
  fromAddress();
  address.store.subscribe(fromAddress);
  time.state.subscribe(toAddress);
}
