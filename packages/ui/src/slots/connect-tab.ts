import type { ComponentType } from "react";
import type { Explained } from "./explained.ts";
import { slot } from "./slot.ts";
import type { PlainCode } from "../language/catalogues.ts";

/** Tabs of Connect beside the connections. */
export const connectTab = slot<
  Explained & {
    /** What the detail of its address begins with. */
    readonly name: string;
    readonly title: PlainCode;
    readonly order: number;
  },
  ComponentType<{ readonly detail: string | undefined }>
>()("connect.tab", 1);
