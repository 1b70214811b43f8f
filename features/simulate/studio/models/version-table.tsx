import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import type { ModelDetail } from "@doppelwerk/client";
import { ScrollRegion, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { Translate } from "@doppelwerk/kit/studio";
import { sizeText } from "./size-text.ts";

const FACTS = ["versionName", "type", "file", "size", "tool", "made", "ports", "runsOn", "hash"] as const;
type Fact = (typeof FACTS)[number];

/** Two versions of a model, fact by fact; what differs is marked. */
export function VersionTable({ shown, other }: { readonly shown: ModelDetail; readonly other: ModelDetail }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [mine, theirs] = [factsOf(shown, t), factsOf(other, t)];
  return (
    <ScrollRegion className="dw-model-table" label={t("simulate.models.shownVersion")}>
      <table className="dw-table dw-model-versions">
        <thead>
          <tr>
            <th />
            <th>{t("simulate.models.shownVersion")}</th>
            <th>
              {t("simulate.models.otherVersion")}{" "}
              <Button size="compact-xs" variant="subtle" onClick={() => studio.address.go({ detail: `models:${other.hash}` })}>
                {t("simulate.models.show")}
              </Button>
            </th>
          </tr>
        </thead>
        <tbody>
          {FACTS.map((fact) => (
            <tr key={fact} className={mine[fact] === theirs[fact] ? "" : "is-different"}>
              <td>{t(`simulate.models.fact.${fact}`)}</td>
              <td>{mine[fact]}</td>
              <td>{theirs[fact]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function factsOf(model: ModelDetail, t: Translate): Readonly<Record<Fact, string>> {
  return {
    versionName: model.version + (model.latest ? ` · ${t("simulate.models.newest")}` : ""),
    // of the file itself: the submodel names one type for all versions
    type: model.standard,
    file: model.fileName,
    size: sizeText(model.size),
    tool: model.generationTool ?? "–",
    made: model.generationTime?.slice(0, 10) ?? "–",
    ports: String(model.ports.length),
    runsOn: model.runs.kind === "none" ? t("simulate.models.cannotRun", { why: model.runs.reason ?? model.runs.why }) : model.runs.platform,
    hash: model.hash.slice(0, 12),
  };
}
