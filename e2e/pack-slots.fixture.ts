import { manifest, words } from "./pack-views.fixture.ts";
import type { Files } from "./pack-views.fixture.ts";

const everywhere = ["station", "line", "plant"];

/** Every slot that a pack can fill, with what the manifest says of it. */
export function slotViews(id: string): readonly { readonly id: string; readonly [field: string]: unknown }[] {
  return [
    { at: "shell.page@1", id: `${id}.page`, path: `/${id}`, title: `${id}.title`, icon: "box", load: "./studio/page.js" },
    { at: "shell.tab@1", id: `${id}.tab`, name: id, title: `${id}.title`, accepts: everywhere, load: "./studio/tab.js" },
    { at: "shell.section@1", id: `${id}.section`, tab: id, accepts: everywhere, load: "./studio/section.js" },
    { at: "shell.tile@1", id: `${id}.tile`, anywhere: true, load: "./studio/tile.js" },
    { at: "shell.tile@1", id: `${id}.lineTile`, load: "./studio/line-tile.js" },
    { at: "shell.overlay@1", id: `${id}.overlay`, load: "./studio/overlay.js" },
    { at: "shell.lane@1", id: `${id}.lane`, row: "above", load: "./studio/lane.js" },
    { at: "shell.dialog@1", id: `${id}.dialog`, load: "./studio/dialog.js" },
    { at: "shell.action@1", id: `${id}.action`, title: `${id}.ask`, load: "./studio/action.js" },
    { at: "shell.setting@1", id: `${id}.setting`, load: "./studio/setting.js" },
  ];
}

const card = (text: string): string =>
  `import { jsx } from "react/jsx-runtime"; import { Card } from "@doppelwerk/kit/studio";
export default () => jsx(Card, { title: ${JSON.stringify(text)}, children: "81 %" });`;
const plain = (text: string): string => `export default () => ${JSON.stringify(text)};`;

/** Files of a pack that fills every slot; `says` is in all that it shows. */
export function slotPack(id: string, says: string, views: readonly object[] = slotViews(id), version = "0.1.0"): Files {
  return {
    "package.json": manifest(id, { views }, version),
    ...words(id, says, `插槽 ${says}`, { [`${id}.ask`]: [`Ask ${says}`, `询问 ${says}`] }),
    "studio/page.js": plain(`page of ${says}`),
    "studio/tab.js": plain(`tab of ${says}`),
    "studio/section.js": plain(`section of ${says}`),
    "studio/tile.js": card(`Tile of ${says}`),
    "studio/line-tile.js": card(`Line tile of ${says}`),
    "studio/overlay.js": `import { jsx } from "react/jsx-runtime";
export default ({ viewer }) =>
  jsx("div", { style: { position: "absolute", left: 12, bottom: 12 }, children: viewer === undefined ? "" : "overlay of ${says}" });`,
    // a mark in each cell, so that the pointer meets one wherever it is
    "studio/lane.js": `export default {
  marks: (rail, scale) => Array.from({ length: 400 }, (_, at) => ({ at: rail.now - at * scale * 12, shape: "square", count: 1 })),
  words: () => ({ name: "Lane", text: "lane of ${says}" }),
};`,
    "studio/dialog.js": `import { jsx } from "react/jsx-runtime"; import { Modal } from "@doppelwerk/kit/studio";
export default ({ opened, onClose }) => jsx(Modal, { opened, onClose, title: "Dialog", children: "dialog of ${says}" });`,
    "studio/action.js": `export default (studio) => studio.dialog.set("${id}.dialog");`,
    "studio/setting.js": card(`Setting of ${says}`),
  };
}

const throwing = (what: string): string => `export default () => { throw new Error("${what} broke"); };`;

/** The same slots, each filled with what throws. */
export function throwingPack(id: string): Files {
  return {
    ...slotPack(id, id),
    "studio/page.js": throwing("page"),
    "studio/tab.js": throwing("tab"),
    "studio/section.js": throwing("section"),
    "studio/tile.js": throwing("tile"),
    "studio/line-tile.js": throwing("line tile"),
    "studio/overlay.js": throwing("overlay"),
    "studio/lane.js": `export default { marks: () => [{ at: 1 }], words: () => ({ name: "", text: "" }) };`,
    "studio/dialog.js": throwing("dialog"),
    "studio/setting.js": throwing("setting"),
  };
}
