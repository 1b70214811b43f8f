import type { Submodel } from "@doppelwerk/aas";
import { aasOf, useLoad, useScope, useStore, useStudio } from "@doppelwerk/kit/studio";
import { documentPath, read } from "./aas-access.ts";
import { useDocumentPath } from "./use-document-path.ts";

/** A submodel, live or as it was at the instant shown. */
export function useSubmodel(id: string): ReturnType<typeof useLoad<Submodel>> & { readonly past: boolean } {
  const studio = useStudio();
  const { branch } = useScope();
  const commits = useStore(studio.commits);
  const { path, past } = useDocumentPath(documentPath(id));
  const loaded = useLoad((signal) => read<Submodel>(aasOf(studio, branch), path, signal), [id, branch], undefined, `${path} ${commits}`);
  return { ...loaded, past };
}
