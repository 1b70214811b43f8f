import { useState } from "react";

/** What someone is changing of something, on top of what others write meanwhile. */
export interface Drafting<T> {
  readonly isBegun: boolean;
  /** What is written now over what it was when the writing began. */
  readonly shown: T;
  /** The same over what it is by now: what is saved. */
  readonly next: T;
  /** What is wrong with what was written. */
  readonly problem: string | undefined;
  /** What others changed since the writing began, and is being changed here too: to be shown before it is saved over. */
  readonly overtaken: readonly (keyof T & string)[];
  /** Of the form: editors that keep their own text begin again with it. */
  readonly key: string;
  set(change: Partial<T>, problem?: string): void;
  /** Drops what was written. */
  forget(): void;
  /** After it was saved: what was written stays in its editors, which begin again once it has come back. */
  saved(): void;
}

interface Held<T> {
  readonly base: T;
  readonly draft: Partial<T>;
  readonly problems: Partial<Record<keyof T, string | undefined>>;
}

/** Changes of an object attribute by attribute, kept while the object itself changes. */
export function useDraft<T extends object>(stored: T): Drafting<T> {
  const [held, setHeld] = useState<Held<T> | undefined>(undefined);
  const [turn, setTurn] = useState(0);
  const base = held?.base ?? stored;
  const draft = held?.draft ?? {};
  const isOvertaken = (name: keyof T): boolean => {
    const now = JSON.stringify(stored[name]);
    return now !== JSON.stringify(base[name]) && now !== JSON.stringify((draft as Partial<T>)[name]);
  };
  return {
    isBegun: held !== undefined,
    shown: { ...base, ...draft },
    next: { ...stored, ...draft },
    problem: Object.values<string | undefined>(held?.problems ?? {}).find((text) => text !== undefined),
    overtaken: (Object.keys(draft) as (keyof T & string)[]).filter(isOvertaken),
    key: `${turn} ${JSON.stringify(base)}`,
    set: (change, problem) =>
      setHeld((now) => ({
        base: now?.base ?? stored,
        draft: { ...now?.draft, ...change },
        problems: { ...now?.problems, ...Object.fromEntries(Object.keys(change).map((name) => [name, problem])) } as Held<T>["problems"],
      })),
    forget: () => {
      setHeld(undefined);
      setTurn(turn + 1);
    },
    saved: () => setHeld(undefined),
  };
}
