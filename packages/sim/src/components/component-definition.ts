/**
 * A component that a program adds to flow models (`type: "custom"`, `model` = its name). Its state are the numbers of `columns` and the
 * items it holds, kept by the run; functions only read and write through the context, so snapshots, forks and trace hashes hold for it too.
 */
export interface ComponentDefinition {
  readonly model: string;
  /** Parameters with their defaults; the model file may replace them. */
  readonly parameters: Readonly<Record<string, number | string | boolean>>;
  /** Names of its own numbers; 0 at the start. */
  readonly columns: Readonly<Record<string, string>>;
  start?(context: ComponentContext): void;
  /** Whether it takes an item now; it calls `roomAhead()` when that becomes true. */
  hasRoom(context: ComponentContext, item: number): boolean;
  receive(context: ComponentContext, item: number): void;
  /** An alarm it set itself. */
  alarm?(context: ComponentContext, code: number): void;
  /** Figures beside the usual ones. */
  figures?(context: ComponentContext): Readonly<Record<string, number>>;
}

/** What a component sees of the run. Seconds. */
export interface ComponentContext {
  readonly nowS: number;
  number(column: string): number;
  set(column: string, value: number): void;
  parameter(name: string): number;
  text(name: string): string;
  /** Items it holds and has not released. */
  readonly held: number;
  /** Released items that have not left yet. */
  readonly waiting: number;
  productOf(item: number): string;
  /** The item held longest, −1 none. */
  first(): number;
  /** A held item goes on, as soon as there is room ahead. */
  release(item: number): void;
  /** A held item is destroyed. */
  scrap(item: number): void;
  /** Calls `alarm` with `code` (0–1000) after `seconds`. */
  after(seconds: number, code: number): void;
  /** The next number of its own stream for a purpose, in (0, 1). */
  uniform(purpose: number): number;
  /** It may take items again. */
  roomAhead(): void;
}

/** Checks a definition and returns it. A bad one is a bug of the program that brings it. */
export function checkDefinition(definition: ComponentDefinition): ComponentDefinition {
  if (!/^[a-z][a-zA-Z0-9-]*$/.test(definition.model))
    throw new Error(`the name of a component model begins with a small letter: ${definition.model}`);
  if (typeof definition.hasRoom !== "function" || typeof definition.receive !== "function")
    throw new Error(`the component model ${definition.model} needs hasRoom and receive`);
  return definition;
}
