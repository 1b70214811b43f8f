import type { ReactNode } from "react";
import { hasErrors } from "@doppelwerk/aas";
import type { Submodel } from "@doppelwerk/aas";
import { checkTemplate } from "@doppelwerk/aas/template";
import { queryPage } from "@doppelwerk/client";
import { Failure, FindingText, aasOf, useLoad, useScope, useStudio, useWords } from "@doppelwerk/kit/studio";
import { conceptsOf, documentPath, ifThere, read } from "./aas-access.ts";

/** What a submodel lacks of its template: the one it names, else one of the repository that means the same. */
export function TemplateCheck({ submodel }: { readonly submodel: Submodel }): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const loaded = useLoad(async () => {
    const api = aasOf(studio, branch);
    const named = submodel.administration?.templateId;
    const template =
      (named === undefined ? undefined : await ifThere(read<Submodel>(api, documentPath(named)))) ?? (await templateOfMeaning(submodel));
    if (template === undefined) return { template: undefined, findings: [] };
    const concepts = await conceptsOf(api, template);
    return { template, findings: checkTemplate(submodel, template, (id) => concepts.get(id)) };

    async function templateOfMeaning({ id, semanticId }: Submodel): Promise<Submodel | undefined> {
      const meaning = semanticId?.keys[0]?.value;
      if (meaning === undefined) return undefined;
      const query = { $condition: { $eq: [{ $field: "$sm#semanticId" }, { $strVal: meaning }] } };
      const { result } = await queryPage<Submodel>(api, "submodels", query, { pageSize: 100 });
      return result.find((each) => each.kind === "Template" && each.id !== id);
    }
  }, [submodel.id, submodel, branch]);
  if (loaded.kind === "failed") return <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />;
  if (loaded.value === undefined) return <p className="dw-note">{t("frame.loading")}</p>;
  const { template, findings } = loaded.value;
  if (template === undefined) return <p className="dw-note">{t("assets.explorer.noTemplateFor")}</p>;
  return (
    <section className={`dw-note ${hasErrors(findings) ? "is-trouble" : ""}`} role="status">
      <b>
        {t(hasErrors(findings) ? "assets.explorer.breaksTemplate" : "assets.explorer.keepsTemplate", {
          template: calledWithVersion(template),
        })}
      </b>
      <TemplateFindings findings={findings} />
    </section>
  );
}

/** `Nameplate 3.0`. */
function calledWithVersion({ idShort, id, administration: { version, revision } = {} }: Submodel): string {
  return [idShort ?? id, [version, revision].filter((part) => part !== undefined).join(".")].filter((part) => part !== "").join(" ");
}

export function TemplateFindings({ findings }: { readonly findings: ReturnType<typeof checkTemplate> }): ReactNode {
  const { t } = useWords();
  return (
    <ul className="dw-findings">
      {findings
        .toSorted((a, b) => Number(b.severity === "error") - Number(a.severity === "error"))
        .slice(0, 40)
        .map((finding) => (
          <li key={`${finding.path} ${finding.constraint} ${finding.message}`}>
            <span className={`dw-severity is-${finding.severity}`}>{t(`assets.explorer.severity.${finding.severity}`)}</span>{" "}
            <code>{finding.path}</code> <small>{finding.constraint}</small> <FindingText finding={finding} />
          </li>
        ))}
    </ul>
  );
}
