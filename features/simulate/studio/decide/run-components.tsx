import type { ReactNode } from "react";
import type { RunResult } from "@doppelwerk/client";
import { useWords } from "@doppelwerk/kit/studio";

/** Whose code took part in a run beside the product's own. */
export function RunComponents({ components = [] }: { readonly components: RunResult["model"]["components"] }): ReactNode {
  const { t } = useWords();
  if (components.length === 0) return null;
  const named = components.map(({ component, pack, version, checksum }) => `${component} (${pack} ${version}, ${checksum.slice(0, 8)})`);
  return <> {t("simulate.decide.components", { components: named.join(", ") })}</>;
}
