import { Textarea } from "@mantine/core";
import type { ReactNode } from "react";
import type { AccessSet, NewAccessSet } from "@doppelwerk/client";
import { useLoad, useStudio, useWords } from "@doppelwerk/ui";
import { AccessPreview } from "./access-preview.tsx";
import { SetDialog, SetsCard, type Edited } from "./sets-card.tsx";

/** What a new set begins with: everybody who is logged in reads everything. */
const FIRST_RULE = `ACCESSRULE:
  ATTRIBUTES:
    CLAIM("role")
  RIGHTS: READ
  ACCESS: ALLOW
  OBJECTS:
    IDENTIFIABLE "(AssetAdministrationShell)*"
    IDENTIFIABLE "(Submodel)*"
    IDENTIFIABLE "(ConceptDescription)*"
  FORMULA:
    CLAIM("role") $eq "viewer"
`;

/** Who may read and change which assets, by access rules. */
export default function AccessCard(): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const sets = useLoad((signal) => client.accessSets({ signal }), []);
  return (
    <SetsCard
      title={t("settings.access")}
      note={(all) => t(all.some(({ enabled }) => enabled) ? "settings.accessRuled" : "settings.accessByRole")}
      loaded={sets}
      columns={[{ title: t("settings.accessRules"), cell: ({ rules }) => rules, isNumber: true }]}
      empty={t("settings.accessNone")}
      add={t("settings.accessAdd")}
      remove={({ id }) => client.removeAccessSet(id)}
      editor={(edited) => <EditSet {...edited} />}
    />
  );
}

function EditSet({ set, others, ...dialog }: Edited<AccessSet>): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const { name, text, enabled } = set ?? { name: "", text: FIRST_RULE, enabled: true };
  return (
    <SetDialog
      {...dialog}
      title={set?.name ?? t("settings.accessAdd")}
      size={720}
      initial={{ name, text, enabled }}
      givenOf={(values): NewAccessSet => ({ ...values, name: values.name.trim() })}
      check={async (given) => (
        <AccessPreview people={await client.previewAccess([...others.map(({ id: _id, rules: _rules, ...other }) => other), given])} />
      )}
      save={(given) => (set === undefined ? client.createAccessSet(given) : client.changeAccessSet(set.id, given))}
    >
      {(form) => (
        <Textarea
          label={t("settings.accessText")}
          description={t("settings.accessTextNote")}
          classNames={{ input: "dw-access-text" }}
          rows={14}
          spellCheck={false}
          {...form.field("text")}
        />
      )}
    </SetDialog>
  );
}
