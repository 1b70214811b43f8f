import { loadOf, operation, percentText, useLoad, useText } from "@doppelwerk/kit/studio";
import { useEffect, useRef, type ReactNode } from "react";

interface Work {
  readonly kind: string;
  readonly progress: number;
}
interface Listed {
  readonly jobs: readonly Work[];
}

const listJobs = operation<Listed>("GET /jobs");
const KIND = "kernel.derivation";
const WHILE_DERIVED_MS = 2_000;

/** Late samples make short derivations: only what says that it takes a while is asked for again. */
const whenPushed = { topics: { "jobs.progress": (payload: unknown) => (payload as Work).kind === KIND } } as const;
const everyMs = (value: Listed | undefined): number | undefined => (value?.jobs.some(isOfPast) === true ? WHILE_DERIVED_MS : undefined);
const isOfPast = ({ kind }: Work): boolean => kind === KIND;

/** How far the past is derived, 0 to 1; undefined: all of it is. */
export function useDerivation(): number | undefined {
  const { value } = useLoad(loadOf(listJobs, { query: {} }, whenPushed), { everyMs });
  const running = (value?.jobs ?? []).filter(isOfPast).map(({ progress }) => progress);
  return running.length === 0 ? undefined : Math.min(...running);
}

/** Says that what is shown is not whole yet; calls `onDone` when it is. */
export function DerivationNote({ derived, onDone }: { readonly derived: number | undefined; readonly onDone: () => void }): ReactNode {
  const text = useText();
  const wasDerived = useRef(false);
  const isDerived = derived !== undefined;
  useEffect(() => {
    if (wasDerived.current && !isDerived) onDone();
    wasDerived.current = isDerived;
  });
  if (!isDerived) return null;
  return (
    <p className="dw-note dye-house-derived" role="status">
      {text("dyeHouse.derived", { progress: percentText(derived, 0) })}
    </p>
  );
}
