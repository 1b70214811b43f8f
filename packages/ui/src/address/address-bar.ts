import { createStore } from "../store/store.ts";
import type { Store } from "../store/store.ts";
import { formatAddress, parseAddress } from "./address.ts";
import type { Address, Screens } from "./address.ts";

/** The browser's address as a store: `go` leaves a step for Back, `amend` does not. */
export interface AddressBar {
  readonly store: Store<Address>;
  go(change: Partial<Address>): void;
  amend(change: Partial<Address>): void;
  /** The link to what is on the screen, changed so. */
  link(change: Partial<Address>): string;
}

/** A shift is one of its line, and is chosen for its figures. */
function leavesShift(change: Partial<Address>): boolean {
  return (
    "view" in change || "line" in change || "detail" in change || "world" in change || ("audit" in change && change.audit === undefined)
  );
}

export function createAddressBar(screens: Screens): AddressBar {
  const store = createStore<Address>(parseAddress(location.pathname, location.search, screens, location.hash));
  window.addEventListener("popstate", () => store.set(parseAddress(location.pathname, location.search, screens, location.hash)));
  const write = (change: Partial<Address>, how: "pushState" | "replaceState"): void => {
    // another page is not the audit of this one
    const next = {
      ...store.get(),
      ...("view" in change && { audit: undefined }),
      ...(leavesShift(change) && { shift: undefined }),
      ...(("view" in change || "detail" in change) && { card: undefined }),
      ...change,
    };
    const text = formatAddress(next, screens);
    if (text === formatAddress(store.get(), screens)) return;
    history[how](undefined, "", text);
    store.set(next);
  };
  return {
    store,
    go: (change) => write(change, "pushState"),
    amend: (change) => write(change, "replaceState"),
    link: (change) => new URL(formatAddress({ ...store.get(), ...change }, screens), location.href).href,
  };
}
