import type { ComponentType } from "react";
import type { Store } from "../store/store.ts";

/**
 * A place where views appear: one host (the shell or a feature), many contributors. Its identity is the text `id@major`, never this object, so two copies
 * of a package meet in the same slot.
 */
export interface Slot<Data extends object, Loaded> {
  readonly at: string;
  /** What a contribution says of itself; never filled, it carries the type. */
  readonly data?: Data;
  /** What loading it gives. */
  readonly loaded?: Loaded;
}

/** `slot<Data, ComponentType<Props>>()("alarms.rowAction", 1)`: what a contribution says of itself, and what its thunk gives. */
export function slot<Data extends object, Loaded = ComponentType>() {
  return (id: string, major: number): Slot<Data, Loaded> => ({ at: `${id}@${major}` });
}

/** One contribution: data and a thunk. Everything that decides where and when it appears is data, so that nothing is loaded to find out. */
export interface View<Data extends object = object, Loaded = unknown> {
  /** The slot, `id@major`. */
  readonly at: string;
  /** Durable: saved layouts and links name it. */
  readonly id: string;
  readonly data: Data;
  readonly load: () => Promise<{ readonly default: Loaded }>;
  /** Where it is not the product's own. */
  readonly pack?: PackOfView;
}

/** The pack that brought a view. */
export interface PackOfView {
  readonly name: string;
  /** Names the files as they are now: another one as soon as an author changed one. What is shown is loaded again then. */
  readonly edition: Store<string>;
}

/** Declares a view in exactly one slot. */
export function view<Data extends object, Loaded>(
  at: Slot<Data, Loaded>,
  id: string,
  { load, ...data }: Data & { readonly load: () => Promise<{ readonly default: NoInfer<Loaded> }> },
): View {
  return { at: at.at, id, data, load };
}
