import type { Presence } from "@doppelwerk/sync";
import type { Studio } from "@doppelwerk/ui";

/** Sends the others in the room what is looked at here: view, branch, subject, instant, and where this person points. */
export function sharePresence(studio: Studio): () => void {
  const share = (): void => {
    const { branch, subject, view } = studio.address.store.get();
    const at = studio.time.state.get().kind === "live" ? undefined : studio.time.instant();
    const pointer = studio.pointer.get();
    const presence: Presence = {
      branch,
      view,
      ...(subject === undefined ? {} : { selection: subject }),
      ...(at === undefined ? {} : { at }),
      ...(pointer === undefined ? {} : { pointer }),
    };
    studio.live.presence(presence);
  };
  share();
  const offs = [studio.address.store.subscribe(share), studio.time.shown.subscribe(share), studio.pointer.subscribe(share)];
  return () => {
    for (const off of offs) off();
  };
}
