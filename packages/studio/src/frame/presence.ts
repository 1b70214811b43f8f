import type { Presence } from "@doppelwerk/sync";
import type { Studio } from "@doppelwerk/ui";

/** Tells the others in the room what is looked at here: view, branch, subject, instant. */
export function sharePresence(studio: Studio): () => void {
  const tell = (): void => {
    const { branch, subject, view } = studio.address.store.get();
    const at = studio.time.state.get().kind === "live" ? undefined : studio.time.instant();
    const presence: Presence = {
      branch,
      view,
      ...(subject === undefined ? {} : { selection: subject }),
      ...(at === undefined ? {} : { at }),
      ...(pointer === undefined || view !== "world" ? {} : { pointer }),
    };
    studio.live.presence(presence);
  };
  let pointer: readonly [number, number, number] | undefined;
  const onPointer = (event: Event): void => {
    // An event made without a detail has `null`, which the server rightly refuses as a place.
    pointer = (event as CustomEvent<readonly [number, number, number] | null>).detail ?? undefined;
    tell();
  };
  tell();
  window.addEventListener("doppelwerk-pointer", onPointer);
  const offs = [studio.address.store.subscribe(tell), studio.time.shown.subscribe(tell)];
  return () => {
    for (const off of offs) off();
    window.removeEventListener("doppelwerk-pointer", onPointer);
  };
}

/** The world view says where on the floor this person points; undefined when the pointer left. */
export function pointAt(place: readonly [number, number, number] | undefined): void {
  window.dispatchEvent(new CustomEvent("doppelwerk-pointer", { detail: place }));
}
