import type { Shell, Submodel } from "@doppelwerk/aas";
import { encodeId } from "@doppelwerk/aas";
import { aasOf, useLoad, useScope, useStore, useStudio } from "@doppelwerk/kit/studio";
import { documentPath, ifThere, read } from "./aas-access.ts";
import { submodelIdsOf } from "./shell-tree.ts";
import { useDocumentPath } from "./use-document-path.ts";

/** A submodel that a shell refers to; `head`, without its elements, is undefined where the repository does not have it. */
export interface ShellSubmodel {
  readonly id: string;
  readonly head: Submodel | undefined;
}

interface ShellWithSubmodels {
  readonly shell: Shell;
  readonly submodels: readonly ShellSubmodel[];
}

/** A shell with the heads of its submodels, live or as it was at the instant shown. */
export function useShell(id: string): ReturnType<typeof useLoad<ShellWithSubmodels>> & { readonly past: boolean } {
  const studio = useStudio();
  const { branch } = useScope();
  const commits = useStore(studio.commits);
  const { path, past } = useDocumentPath(`/shells/${encodeId(id)}`);
  const loaded = useLoad(
    async (signal) => {
      const api = aasOf(studio, branch);
      const shell = await read<Shell>(api, path, signal);
      const submodels = await Promise.all(
        submodelIdsOf(shell).map(async (of) => ({ id: of, head: await ifThere(read<Submodel>(api, `${documentPath(of)}/$metadata`)) })),
      );
      return { shell, submodels };
    },
    [id, branch],
    undefined,
    `${path} ${commits}`,
  );
  return { ...loaded, past };
}
