import type { ThemeName } from "../theme/tokens.ts";
import type { Language } from "../time/format.ts";
import { createStore } from "../store/store.ts";
import type { Store } from "../store/store.ts";

/** What one browser remembers about its person. */
export interface Preferences {
  /** Opaque; made here, shown to nobody. */
  readonly personId: string;
  /** Empty until chosen. */
  readonly name: string;
  readonly theme: ThemeName | "system";
  readonly language: Language;
  readonly inspectorWidth: number;
}

const KEY = "doppelwerk.preferences";

export function createPreferences(): Store<Preferences> {
  const store = createStore<Preferences>({ ...defaults(), ...stored() });
  const write = (): void => {
    try {
      localStorage.setItem(KEY, JSON.stringify(store.get()));
    } catch {
      // A browser that refuses storage still works; it only forgets.
    }
  };
  write();
  store.subscribe(write);
  return store;
}

/** The secret of somebody who was not here before. */
export function newPersonId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  return `person-${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

function defaults(): Preferences {
  return {
    personId: newPersonId(),
    name: "",
    theme: "system",
    language: navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en",
    inspectorWidth: 352,
  };
}

function stored(): Partial<Preferences> {
  try {
    const held = JSON.parse(localStorage.getItem(KEY) ?? "{}") as unknown;
    return typeof held === "object" && held !== null ? (held as Partial<Preferences>) : {};
  } catch {
    return {};
  }
}
