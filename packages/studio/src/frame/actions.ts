import { LIVE } from "@doppelwerk/world";
import { views } from "@doppelwerk/ui";
import type { Studio, ViewName } from "@doppelwerk/ui";
import { railAction } from "../rail/rail.tsx";

/** Everything a person can do from anywhere: it has a name, most have a key, all stand in the palette. */
export interface StudioAction {
  readonly id: string;
  /** Key of the catalogue. */
  readonly label: string;
  readonly group: "views" | "time" | "branch" | "frame";
  /** As shown, for example `G`, `Shift+Z`, `Ctrl+K`. */
  readonly keys: string;
  readonly run: () => void;
}

export interface FrameDoings {
  readonly openPalette: () => void;
  readonly openHelp: () => void;
  readonly openFork: () => void;
  readonly openPropose: () => void;
  readonly undo: () => void;
  readonly cycleTheme: () => void;
  readonly toggleLanguage: () => void;
}

export const viewKeys: Readonly<Record<ViewName, string>> = {
  world: "W",
  board: "B",
  alarms: "A",
  trends: "R",
  assets: "T",
  decide: "D",
  changes: "C",
  connect: "N",
  settings: "S",
};

export function studioActions(studio: Studio, doings: FrameDoings): readonly StudioAction[] {
  const { address } = studio;
  return [
    ...views.map((view): StudioAction => ({
      id: `view-${view}`,
      label: `view.${view}`,
      group: "views",
      keys: `G ${viewKeys[view]}`,
      run: () => address.go({ view, detail: undefined }),
    })),
    { id: "live", label: "frame.backToLive", group: "time", keys: "L", run: () => railAction({ kind: "live" }) },
    { id: "toggle", label: "rail.play", group: "time", keys: "Space", run: () => railAction({ kind: "toggle" }) },
    { id: "previous", label: "rail.previous", group: "time", keys: "[", run: () => railAction({ kind: "event", direction: -1 }) },
    { id: "next", label: "rail.next", group: "time", keys: "]", run: () => railAction({ kind: "event", direction: 1 }) },
    {
      id: "previous-alarm",
      label: "rail.previousAlarm",
      group: "time",
      keys: "{",
      run: () => railAction({ kind: "alarm", direction: -1 }),
    },
    { id: "next-alarm", label: "rail.nextAlarm", group: "time", keys: "}", run: () => railAction({ kind: "alarm", direction: 1 }) },
    { id: "slower", label: "rail.slower", group: "time", keys: ",", run: () => railAction({ kind: "speed", direction: -1 }) },
    { id: "faster", label: "rail.faster", group: "time", keys: ".", run: () => railAction({ kind: "speed", direction: 1 }) },
    { id: "closer", label: "rail.zoomIn", group: "time", keys: "+", run: () => railAction({ kind: "zoom", factor: 1.5 }) },
    { id: "further", label: "rail.zoomOut", group: "time", keys: "-", run: () => railAction({ kind: "zoom", factor: 1 / 1.5 }) },
    { id: "link", label: "rail.link", group: "time", keys: "Y", run: () => railAction({ kind: "link" }) },
    { id: "fork", label: "rail.fork", group: "branch", keys: "F", run: doings.openFork },
    { id: "leave", label: "frame.leaveBranch", group: "branch", keys: "", run: () => address.go({ branch: "live" }) },
    { id: "propose", label: "branch.propose", group: "branch", keys: "P", run: doings.openPropose },
    {
      id: "watch",
      label: "watch.open",
      group: "branch",
      keys: "V",
      run: () => {
        if (address.store.get().branch !== LIVE) address.go({ view: "decide", detail: "watch" });
      },
    },
    { id: "undo", label: "branch.undo", group: "branch", keys: "Ctrl+Z", run: doings.undo },
    { id: "palette", label: "frame.search", group: "frame", keys: "Ctrl+K", run: doings.openPalette },
    {
      id: "inspector",
      label: "frame.inspector",
      group: "frame",
      keys: "I",
      run: () => address.amend({ inspector: !address.store.get().inspector }),
    },
    { id: "theme", label: "frame.theme", group: "frame", keys: "Shift+T", run: doings.cycleTheme },
    { id: "language", label: "frame.language", group: "frame", keys: "Shift+L", run: doings.toggleLanguage },
    { id: "help", label: "frame.help", group: "frame", keys: "?", run: doings.openHelp },
  ];
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
    const typing = target.closest("input, textarea, select, [contenteditable], [role=combobox]") !== null;
    const text = pressed(event);
    if (event.altKey || event.defaultPrevented || (typing && !text.startsWith("Ctrl+")) || (typing && text === "Ctrl+Z")) return;
    // The 3D view walks and looks with these; elsewhere they are the studio's.
    if (target.closest(".dw-world-host") !== null && /^[WASDHTG\d]$|^Arrow|^Home$/.test(text)) return;
    // A chart that is worked on by keys has its own undo, too.
    if (target.closest("[data-chart-keys]") !== null && /^L$|^Arrow|^Ctrl\+(Shift\+)?Z$/.test(text)) return;
    // In a tree letters lead to names.
    if (target.closest("[role=tree][data-own-keys]") !== null && /^(Shift\+)?.$|^Arrow|^Page|^Home$|^End$/.test(text)) return;
    if (document.querySelector("[role=dialog]") !== null && text !== "Ctrl+K") return;
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
