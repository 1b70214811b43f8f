import { useEffect } from "react";
import { linesOf, useLoad, useStore, useStudio } from "@doppelwerk/ui";

/** The line of a station that is selected is shown with it, on every page. */
export function useLineOfSubject(): void {
  const studio = useStudio();
  const { branch, subject } = useStore(studio.address.store);
  const line = useStore(studio.line);
  const isShown = line?.stations.some(({ id, shell }) => id === subject || shell === subject);
  const lines = useLoad(subject !== undefined && isShown === false ? linesOf(branch) : undefined).value ?? [];
  const owner = lines.find(({ stations }) => stations.some(({ id, shell }) => id === subject || shell === subject))?.id;
  useEffect(() => {
    if (owner !== undefined && owner !== line?.id) studio.address.amend({ line: owner });
  }, [studio, owner, line]);
}
