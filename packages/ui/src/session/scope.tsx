import { HOME_WORLD } from "@doppelwerk/client";
import { createContext, useContext, useMemo } from "react";
import type { ReactNode } from "react";
import type { BranchId, Instant } from "@doppelwerk/world";
import { useStore } from "../store/store.ts";
import type { TimeController } from "../time/time-controller.ts";
import { useStudio } from "./context.tsx";

/** What a view is about. The shell provides one for the window; whoever shows a view of something else provides another around it. */
export interface Scope {
  readonly world: string;
  readonly branch: BranchId;
  /** Id of the line that is shown; undefined = the first. */
  readonly line?: string | undefined;
  /** A station or a shell, by id. */
  readonly subject: string | undefined;
  readonly time: TimeController;
}

export const ScopeContext = createContext<Scope | undefined>(undefined);

/** The scope of the nearest provider. */
export function useScope(): Scope {
  const scope = useContext(ScopeContext);
  if (scope === undefined) throw new Error("useScope outside of ScopeContext");
  return scope;
}

/** The instant of the nearest provider. `jumps` rises with every seek: what was gathered until then belongs to another time. */
export function useMoment(): { readonly instant: () => Instant; readonly shown: Instant | undefined; readonly jumps: number } {
  const { time } = useScope();
  const shown = useStore(time.shown);
  const jumps = useStore(time.jumps);
  return useMemo(() => ({ instant: time.instant, shown, jumps }), [time, shown, jumps]);
}

/** The window's own scope: what its address names, at the instant it shows. */
export function WindowScope({ children }: { readonly children: ReactNode }): ReactNode {
  const studio = useStudio();
  const { branch, line, subject, world = HOME_WORLD } = useStore(studio.address.store);
  const scope = useMemo(() => ({ world, branch, line, subject, time: studio.time }), [world, branch, line, subject, studio.time]);
  return <ScopeContext value={scope}>{children}</ScopeContext>;
}
