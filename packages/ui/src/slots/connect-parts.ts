import type { ComponentType } from "react";
import type { ConnectionRequest, PlantOffer } from "@doppelwerk/client";
import { slot } from "./slot.ts";

/** Shows what a plant offers, with what stands there now. */
export type PlantLookComponent = ComponentType<{ readonly plant: ConnectionRequest; readonly offer: PlantOffer }>;

/** Cards of Connect, for what else begins with a plant. `begun` is the newest thing that was begun on the page, by its id. */
export const connectCard = slot<
  { readonly order: number },
  ComponentType<{ readonly begun: string | undefined; readonly onBegun: (id: string) => void; readonly Look: PlantLookComponent }>
>()("connect.card", 1);

/** A plant as it is connected already, or as it would be. */
export type PlantOfAction = Partial<ConnectionRequest> & { readonly connection?: string; readonly name?: string };

/** What can be done with a plant beside connecting it. */
export const connectAction = slot<
  { readonly order: number },
  ComponentType<{ readonly plant: PlantOfAction; readonly disabled?: boolean; readonly onBegun: (id: string) => void }>
>()("connect.action", 1);
