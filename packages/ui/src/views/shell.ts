import type { ComponentType, ReactNode } from "react";
import type { Studio } from "../session/studio.ts";
import type { Audience } from "../session/use-may-administer.ts";
import { slot, type View } from "../slots/slot.ts";
import type { RailLane } from "./rail-lane.ts";
import type { Viewer } from "../viewer/viewer.ts";
import type { PlainCode } from "../language/catalogues.ts";
import type { Explained } from "../slots/explained.ts";

/** Icons a page may name; the shell draws them. */
export type IconName =
  | "alert-triangle"
  | "barcode"
  | "bell"
  | "bolt"
  | "box"
  | "calendar"
  | "chart-bar"
  | "chart-dots"
  | "chart-line"
  | "clipboard"
  | "device-tablet"
  | "gauge"
  | "git-fork"
  | "hierarchy"
  | "layout-board"
  | "layout-dashboard"
  | "leaf"
  | "list"
  | "list-check"
  | "package"
  | "plug"
  | "route"
  | "settings"
  | "tool"
  | "users";

/** What a view keeps between visits has a version; each step leads from one version to the next. */
export interface SavedState {
  readonly version: number;
  readonly upcast: Readonly<Record<number, (older: never) => unknown>>;
}

interface Placed {
  /** Among the views of its slot; equal ones stand in the order of their ids. */
  readonly order: number;
  /** Shown to whoever may do this. */
  readonly permission?: string;
  readonly state?: SavedState;
}

export interface PageData extends Placed, Explained {
  /** First step of its address. */
  readonly path: `/${string}`;
  /** Code of its name. */
  readonly title: PlainCode;
  /** The slot of its parts, `id@major`. While the detail of the address begins with the `name` of a part, `?` explains that part. */
  readonly parts?: string;
  readonly icon: IconName;
  /** Opens it after `G`. */
  readonly key?: string;
  /** Stands in the bar of a phone, which holds few; the others are behind its dots. */
  readonly onPhone?: boolean;
  /** At the foot of the bar. */
  readonly atFoot?: boolean;
  /** The inspector stands beside it: always (the default), only where no detail is open, or never. */
  readonly inspector?: "always" | "overview" | "never";
  /** It shows the whole site while the address names no line; every other page shows the line that was shown last. */
  readonly isOfSite?: boolean;
  /** The detail that the page opens with while a line is shown. */
  readonly detailOfLine?: (line: string) => string;
  /** Its values are those of the live plant, whatever branch is open: on a branch it says so. */
  readonly isOfLive?: boolean;
  /** Whether the detail of its address is for a wall: the page alone, without the frame around it. */
  readonly isWall?: (detail: string) => boolean;
  /** The Rail makes room for many branches. */
  readonly tallRail?: boolean;
  /** A count on its button; loaded after the first picture. */
  readonly badge?: () => Promise<{ readonly default: ComponentType }>;
}

/** What a subject of the inspector is: a station of the line, or while nothing is selected the line itself, or the plant where there is none. */
export type SubjectKind = "station" | "line" | "plant";

export interface TabData extends Placed {
  /** In the address. */
  readonly name: string;
  readonly title: PlainCode;
  readonly accepts: readonly SubjectKind[];
  /** Its values are those of the live plant, whatever branch is open: on a branch it says so. */
  readonly isOfLive?: boolean;
}

export interface TileData extends Placed {
  /** Also on the board of a world without a line, and on those of places. */
  readonly anywhere?: boolean;
}

/** A part below a tab of the inspector. */
export interface SectionData extends Placed {
  /** Name of the tab. */
  readonly tab: string;
  readonly accepts: readonly SubjectKind[];
}

export interface ActionData extends Placed {
  readonly title: PlainCode;
  readonly group: "views" | "time" | "branch" | "frame";
  /** As shown, for example `G`, `Shift+Z`, `Ctrl+K`. */
  readonly keys?: string;
  /** Only on a branch. */
  readonly onBranch?: boolean;
}

/** What a feature finds for those who type it into the search of the frame. */
export interface FinderData extends Placed {
  /** Of the entry; what was asked for follows it. */
  readonly title: PlainCode;
  /** The texts that ask this feature; the group `asked` is what they ask for. */
  readonly asks: RegExp;
}

/** A part of the settings; it is listed where somebody may see one of its cards. */
export interface SettingsPartData extends Placed, Explained {
  /** Second step of its address: `/settings/NAME`. */
  readonly name: string;
  readonly title: PlainCode;
  readonly icon: PartIcon;
}

/** Icons a part of the settings may name. */
export type PartIcon = "archive" | "box" | "calendar" | "list" | "lock" | "plug" | "server" | "user" | "users";

/** A card of the settings. It is found in the search of the frame, and has an address: `/settings/PART#NAME`, with the last word of its id. */
export interface SettingData extends Placed {
  /** `name` of the part that it stands in. */
  readonly part: string;
  /** Code of what it is listed and found as. */
  readonly title: PlainCode;
  /** Code of further words that it is found by, with commas between them. */
  readonly words?: PlainCode;
  readonly audience?: Audience;
}

export interface LaneData extends Placed {
  /** Above the band of states, or below it. */
  readonly row: "above" | "below";
}

/** Slots of the shell. */
export const shell = {
  page: slot<PageData>()("shell.page", 1),
  /** Tabs of the inspector. */
  tab: slot<TabData>()("shell.tab", 1),
  section: slot<SectionData>()("shell.section", 1),
  /** What a world with values and without a line shows in place of the 3D world; the first by order. */
  home: slot<Placed>()("shell.home", 1),
  /** Cards of the board; `place`: of the board of that place, whose title is `title`. */
  tile: slot<TileData, ComponentType<{ readonly place?: string; readonly title?: string }>>()("shell.tile", 1),
  /**
   * The board of another place than the line: what stands in the detail of its address. Where the address names neither a place nor a line, `place` is undefined and
   * `children` are the board of the first line. The first one holds.
   */
  placeBoard: slot<Placed, ComponentType<{ readonly place: string | undefined; readonly children?: ReactNode }>>()("shell.placeBoard", 1),
  /** The steps of the breadcrumb, in place of those of the world; `children` are these, for while there is nothing better. The first one holds. */
  crumbs: slot<Placed, ComponentType<{ readonly children: ReactNode }>>()("shell.crumbs", 1),
  /** Marks on the Rail. */
  lane: slot<LaneData, RailLane>()("shell.lane", 1),
  /** Over the 3D world. */
  overlay: slot<Placed, ComponentType<{ readonly viewer: Viewer | undefined }>>()("shell.overlay", 1),
  /** What a person should know wherever he is; below the bar at the top, while nothing is wrong with the server itself. */
  banner: slot<Placed>()("shell.banner", 1),
  /** Parts of the page of all keys. */
  help: slot<Placed>()("shell.help", 1),
  /** Dialogs, opened by setting `studio.dialog`. */
  dialog: slot<Placed, ComponentType<{ readonly opened: boolean; readonly onClose: () => void }>>()("shell.dialog", 1),
  /** What can be done from anywhere: in the palette, by key. */
  action: slot<ActionData, (studio: Studio) => void>()("shell.action", 1),
  /** What the search of the frame finds beside stations, documents and branches; loaded to open what was asked for. */
  finder: slot<FinderData, (studio: Studio, asked: string) => void>()("shell.finder", 1),
  /** Parts of the settings; what is loaded draws the cards that it is given. */
  settingsPart: slot<SettingsPartData, ComponentType<{ readonly cards: readonly View<SettingData>[] }>>()("shell.settingsPart", 1),
  /** Cards of the settings. */
  setting: slot<SettingData>()("shell.setting", 1),
} as const;
