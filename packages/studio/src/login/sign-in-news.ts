import type { SessionInfo } from "@doppelwerk/client";

const NAME = "doppelwerk.sign-in-news";

/** Kept from the log-in to the page that is shown after it, so that no other page asks: whether there is something to tell. */
export function keepNews({ person }: SessionInfo): void {
  if ((person?.news ?? 0) > 0) sessionStorage.setItem(NAME, "1");
  else forgetNews();
}

export const hasNews = (): boolean => sessionStorage.getItem(NAME) !== null;

export function forgetNews(): void {
  sessionStorage.removeItem(NAME);
}
