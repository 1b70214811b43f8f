import type { Shell, Submodel } from "@doppelwerk/aas";
import { queryPage } from "@doppelwerk/client";
import { INSTALLATION, readInstallation } from "@doppelwerk/operations";
import type { Installed } from "@doppelwerk/operations";
import { aasOf, useLoad, useScope, useStore, useStudio } from "@doppelwerk/kit/studio";
import { documentPath, headsOf, read } from "./aas-access.ts";
import { placesOf } from "./places-of.ts";

/** Places that are looked through for those in which an asset was installed. */
const MAX_PLACES = 1_000;

interface Installations {
  /** What was installed in the shell, as a place. */
  readonly periods: readonly Installed[];
  /** Where the shell, as an asset, was installed. */
  readonly places: ReturnType<typeof placesOf>;
  /** The shells of both, as far as the repository has them. */
  readonly called: ReadonlyMap<string, Shell>;
}

/** Of a place what was installed in it, of an asset where it was; `own` is the submodel in which the shell says so. Undefined while it loads. */
export function useInstallations(shell: string, own: string | undefined): Installations | undefined {
  const studio = useStudio();
  const { branch } = useScope();
  const commits = useStore(studio.commits);
  const loaded = useLoad(
    async (signal) => {
      const api = aasOf(studio, branch);
      const query = { $condition: { $eq: [{ $field: "$sm#semanticId" }, { $strVal: INSTALLATION }] } };
      const [submodel, { result }] = await Promise.all([
        own === undefined ? undefined : read<Submodel>(api, documentPath(own), signal),
        queryPage<Submodel>(api, "submodels", query, { pageSize: MAX_PLACES, signal }),
      ]);
      const periods = submodel === undefined ? [] : readInstallation(submodel);
      const places = placesOf(shell, result);
      const called = await headsOf(api, [...periods.map((period) => period.shell), ...places.map(({ place }) => place)], signal);
      return { periods, places, called };
    },
    [shell, own, branch],
    undefined,
    commits,
  );
  return loaded.value;
}
