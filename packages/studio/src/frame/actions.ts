import { shell } from "@doppelwerk/ui";
import type { PlainCode, Preferences, RailAction, Studio } from "@doppelwerk/ui";

/** Id of the dialog of all keys. */
export const HELP = "frame.help";

/** Everything a person can do from anywhere: it has a name, most have a key, all stand in the palette. */
export interface StudioAction {
  readonly id: string;
  /** Key of the catalogue. */
  readonly label: PlainCode;
  readonly group: "views" | "time" | "branch" | "frame";
  /** As shown, for example `G`, `Shift+Z`, `Ctrl+K`. */
  readonly keys: string;
  readonly run: () => void;
}

/** The shell's own actions and those of features, in the order of the palette. */
export function studioActions(studio: Studio, openPalette: () => void): readonly StudioAction[] {
  const pages = studio.views.of(shell.page).map(({ id, data }): StudioAction => ({
    id,
    label: data.title,
    group: "views",
    keys: data.key === undefined ? "" : `G ${data.key}`,
    run: () => studio.openPage(data.path.slice(1)),
  }));
  const registered = studio.views.of(shell.action).map(({ id, data }): StudioAction => ({
    id,
    label: data.title,
    group: data.group,
    keys: data.keys ?? "",
    run: () => studio.act(id),
  }));
  const all = [...pages, ...timeActions(studio), ...registered, ...frameActions(studio, openPalette)];
  return actionGroups.flatMap((group) => all.filter((action) => action.group === group));
}

export const actionGroups = ["views", "time", "branch", "frame"] as const;

function timeActions({ rails }: Studio): readonly StudioAction[] {
  const action = (id: string, label: PlainCode, keys: string, request: RailAction): StudioAction => ({
    id,
    label,
    group: "time",
    keys,
    run: () => rails.send(request),
  });
  return [
    action("live", "frame.backToLive", "L", { kind: "live" }),
    action("toggle", "rail.play", "Space", { kind: "toggle" }),
    action("previous", "rail.previous", "[", { kind: "event", direction: -1 }),
    action("next", "rail.next", "]", { kind: "event", direction: 1 }),
    action("previous-alarm", "rail.previousAlarm", "{", { kind: "alarm", direction: -1 }),
    action("next-alarm", "rail.nextAlarm", "}", { kind: "alarm", direction: 1 }),
    action("slower", "rail.slower", ",", { kind: "speed", direction: -1 }),
    action("faster", "rail.faster", ".", { kind: "speed", direction: 1 }),
    action("closer", "rail.zoomIn", "+", { kind: "zoom", factor: 1.5 }),
    action("further", "rail.zoomOut", "-", { kind: "zoom", factor: 1 / 1.5 }),
    action("ask", "rail.goTo", "J", { kind: "ask" }),
    action("link", "rail.link", "Y", { kind: "link" }),
  ];
}

function frameActions(studio: Studio, openPalette: () => void): readonly StudioAction[] {
  const { address, preferences } = studio;
  const action = (id: string, label: PlainCode, keys: string, run: () => void): StudioAction => ({ id, label, group: "frame", keys, run });
  return [
    action("palette", "frame.search", "Ctrl+K", openPalette),
    action("inspector", "frame.inspector", "I", () => address.amend({ inspector: !address.store.get().inspector })),
    action("theme", "frame.theme", "Shift+T", () => preferences.update((held) => ({ ...held, theme: themeAfter(held.theme) }))),
    action("language", "frame.language", "Shift+L", () =>
      preferences.update((held) => ({ ...held, language: held.language === "en" ? "zh" : "en" })),
    ),
    action("help", "frame.help", "?", () => studio.dialog.set(HELP)),
  ];
}

function themeAfter(theme: Preferences["theme"]): Preferences["theme"] {
  return theme === "light" ? "dark" : theme === "dark" ? "contrast" : "light";
}

/** The words of a key press as `StudioAction.keys` writes them. */
export function pressed(event: {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}): string {
  const key = event.key === " " ? "Space" : event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const letter = /^[A-Z]$/.test(key);
  const command = event.ctrlKey || event.metaKey ? "Ctrl+" : "";
  return `${command}${event.shiftKey && letter ? "Shift+" : ""}${key}`;
}

/** Listens for keys; `G` then a letter chooses a view. Fields being typed in and elements with keys of their own keep theirs. */
export function listenForKeys(actions: readonly StudioAction[]): () => void {
  let prefix = "";
  let prefixTimer: ReturnType<typeof setTimeout> | undefined;
  const byKeys = new Map(actions.filter(({ keys }) => keys !== "").map((action) => [action.keys, action]));
  const onKey = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement;
    // an editor in a shadow root is seen from outside as its host
    const field = (event.composedPath()[0] ?? target) as HTMLElement;
    const typing = field.closest("input, textarea, select, [contenteditable], [role=combobox]") !== null;
    const text = pressed(event);
    if (event.altKey || event.defaultPrevented || (typing && !text.startsWith("Ctrl+")) || (typing && text === "Ctrl+Z")) return;
    // A part of a page that has keys of its own says which; elsewhere they are the studio's.
    const own = target.closest<HTMLElement>("[data-keys]")?.dataset["keys"];
    if (own !== undefined && new RegExp(own).test(text)) return;
    // A chart that is worked on by keys has its own undo, too.
    if (target.closest("[data-chart-keys]") !== null && /^L$|^Arrow|^Ctrl\+(Shift\+)?Z$/.test(text)) return;
    // In a tree letters lead to names.
    if (target.closest("[role=tree][data-own-keys]") !== null && /^(Shift\+)?.$|^Arrow|^Page|^Home$|^End$/.test(text)) return;
    // what is open over the page has its own keys, Escape above all
    if (document.querySelector("[role=dialog], [role=menu]") !== null && text !== "Ctrl+K") return;
    if (event.key === " " && target.closest("button, a, [role=tab], [role=button], [data-own-keys]") !== null) return;
    if (text === "G") {
      prefix = "G ";
      clearTimeout(prefixTimer);
      prefixTimer = setTimeout(() => (prefix = ""), 900);
      return;
    }
    const action = byKeys.get(`${prefix}${text}`) ?? (text === "Escape" ? byKeys.get("L") : text === "=" ? byKeys.get("+") : undefined);
    prefix = "";
    if (action === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    action.run();
  };
  // Captured, so that a key of the studio wins over the same key of a panel.
  window.addEventListener("keydown", onKey, true);
  return () => {
    window.removeEventListener("keydown", onKey, true);
    clearTimeout(prefixTimer);
  };
}
