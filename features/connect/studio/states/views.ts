import { connectTab, shell, view } from "@doppelwerk/kit/studio";
import type {} from "../../message-codes.ts";

/** `7`, `state 7`, `raw state`. */
const ASKS = /^(?:(?=.*(?:raw|state|code|状态|代码)).*?)?\s*(?<asked>(?<![\w-])-?\d{1,10})?$/i;

export const views = [
  view(connectTab, "connect.states.tab", {
    name: "states",
    title: "connect.states.tab",
    about: "connect.states.about",
    guide: "engineering-file",
    order: 10,
    load: () => import("./states.tsx"),
  }),
  view(shell.finder, "connect.states.search", {
    title: "connect.states.search",
    asks: ASKS,
    order: 10,
    load: () => import("./open-code.ts"),
  }),
  view(shell.section, "connect.states.ofStation", { tab: "now", accepts: ["station"], order: 40, load: () => import("./states-link.tsx") }),
];
