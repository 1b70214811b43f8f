import { Select } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import type { ModelCard, ModelDetail } from "@doppelwerk/client";
import { Card, Failure, answerOf, useLoad, useWords } from "@doppelwerk/kit/studio";
import { PortDifferences } from "./port-differences-list.tsx";
import { VersionTable } from "./version-table.tsx";
import * as simulate from "../../calls.ts";

/** The versions of one model on its shell: the one shown beside another, and how their ports differ. */
export function VersionsCard({
  branch,
  model,
  versions,
}: {
  readonly branch: string;
  readonly model: ModelDetail;
  readonly versions: readonly ModelCard[];
}): ReactNode {
  const { t } = useWords();
  const others = versions.filter(({ hash }) => hash !== model.hash);
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const other = others.find(({ hash }) => hash === chosen) ?? others[0];
  const loaded = useLoad(other && answerOf(simulate.readModel, { params: { hash: other.hash }, query: { branch } }));
  if (other === undefined) return null;
  return (
    <Card title={t("simulate.models.versions")} note={t("simulate.models.count", { count: versions.length })}>
      <Select
        size="sm"
        className="dw-model-against"
        label={t("simulate.models.compareWith")}
        allowDeselect={false}
        data={others.map(({ hash, version, fileName }) => ({
          value: hash,
          label: `${t("simulate.models.version", { version })} · ${fileName} · ${hash.slice(0, 8)}`,
        }))}
        value={other.hash}
        onChange={(hash) => setChosen(hash ?? undefined)}
      />
      {loaded.kind === "failed" && <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />}
      {loaded.value !== undefined && (
        <>
          <VersionTable shown={model} other={loaded.value} />
          <PortDifferences shown={model} other={loaded.value} />
        </>
      )}
    </Card>
  );
}
