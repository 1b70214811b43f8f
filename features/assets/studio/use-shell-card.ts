import { base64url, useLoad, useScope, useStore, useStudio, type Studio } from "@doppelwerk/kit/studio";
import { ifThere } from "./explorer/aas-access.ts";

export type ShellCard = Awaited<ReturnType<Studio["client"]["shellCard"]>>;

/** A shell as people read it, at the instant shown; `isOfNow` where it did not exist then and is shown as it is now. */
export function useShellCard(shell: string): ReturnType<typeof useLoad<ShellCard & { readonly isOfNow: boolean }>> & {
  /** At which it is read; undefined = live. */
  readonly instant: number | undefined;
} {
  const studio = useStudio();
  const { branch } = useScope();
  const { at, speed } = useStore(studio.address.store);
  // while it plays the card is read again every second of the past, not every frame.
  const instant = at === undefined || speed === undefined ? at : Math.floor(at / 1_000_000) * 1_000_000;
  const commits = useStore(studio.commits);
  const card = useLoad(
    async (signal) => {
      const of = (when?: number) =>
        studio.client.shellCard(base64url(shell), { branch, ...(when !== undefined && { at: when }) }, { signal });
      const then = instant === undefined ? undefined : await ifThere(of(instant));
      return { ...(then ?? (await of())), isOfNow: instant === undefined || then === undefined };
    },
    [shell, branch],
    undefined,
    `${instant} ${commits}`,
  );
  return { ...card, instant };
}
